"""Groups of commands that import a command's module when it is used, so that `check` never loads a solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """The command NAME is `command` in the module NAME of the package `home`, or in another that `modules`
    says; `names` are in the order of the help.
    """

    def __init__(
        self,
        *arguments: Any,
        home: str,
        names: Sequence[str],
        modules: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self._home, self._names, self._modules = home, names, modules or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._names:
            return None
        module = self._modules.get(cmd_name, cmd_name.replace("-", "_"))
        command = import_module(f"{self._home}.{module}").command
        assert isinstance(command, click.Command)
        return command
