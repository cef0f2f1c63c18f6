"""How a command ends: an answer, wrong usage, wrong input, a bug, Ctrl-C, a reader that went away."""

from __future__ import annotations

import os
import shlex
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from shardwright import exit_codes
from shardwright.grammar.diagnostics import DiagnosticError


@dataclass
class Manner:
    """How to speak to the user; options fill it in while the command line is read."""

    arguments: list[str]
    debug: bool = False
    format: str = "human"
    started: float = field(default_factory=time.monotonic)

    def time_left(self, limit: float) -> float:
        """What is left of a limit on the whole command, in seconds; a little, where nothing is."""
        return max(limit - (time.monotonic() - self.started), 0.01)


def run(command: Callable[[], object], manner: Manner) -> int:
    """The exit code of a command, after telling the user how it ended."""
    try:
        return _finish(command())
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return exit_codes.USAGE
    except DiagnosticError as error:
        return _refused(error, manner)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        return _hung_up()
    except Exception as error:
        return _bug(error, manner)


def _finish(code: object) -> int:
    # Flushing here lets a closed pipe be seen while it can still be handled.
    sys.stdout.flush()
    return code if isinstance(code, int) else exit_codes.OK


def _refused(error: DiagnosticError, manner: Manner) -> int:
    from shardwright.report.diagnostics import show

    show(error.diagnostics, manner.format)
    return error.exit_code


def _interrupted() -> int:
    # Whoever started workers has stopped them in a `finally` on the way here.
    click.echo("interrupted", err=True)
    return exit_codes.INTERRUPTED


def _hung_up() -> int:
    # The reader (`head`, a pager) has what it wanted. Python's own flush at exit must not complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_codes.HUNG_UP


def _bug(error: Exception, manner: Manner) -> int:
    if manner.debug:
        traceback.print_exception(error)
    reason = traceback.format_exception_only(error)[-1].strip()
    again = shlex.join(["shardwright", "--debug", *manner.arguments])
    click.echo(f"internal error: {reason}", err=True)
    if not manner.debug:
        click.echo(f"This is a bug in Shardwright. Please report it with the output of: {again}", err=True)
    return exit_codes.INTERNAL
