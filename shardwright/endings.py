"""How a command ends: an answer, wrong usage, wrong input, a bug, Ctrl-C, a reader that went away."""

from __future__ import annotations

import shlex
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from shardwright import exit_codes
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.streams import is_unwritten, silence, tell


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. After Python's own class went through an eval, Python ends with SIGINT, not with our code.

    `came`: one was raised, whatever has become of it; a library that is being loaded may turn it into an
    error of its own.
    """

    came = False


class Terminated(SystemExit):
    """The end that a supervisor asked for with SIGTERM."""


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
        return _told(command, manner)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        return _hung_up()
    except MemoryError:
        return _full()
    except Exception as error:
        if Interrupted.came:
            return _interrupted()
        if isinstance(error, OSError) and is_unwritten(error):
            return _unwritten(error)
        return _bug(error, manner)


def _told(command: Callable[[], object], manner: Manner) -> int:
    try:
        return _finish(command())
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        tell(error.show)
        return exit_codes.USAGE
    except DiagnosticError as error:
        return _refused(error, manner)


def _finish(code: object) -> int:
    # Flushing here lets a closed pipe be seen while it can still be handled.
    sys.stdout.flush()
    return code if isinstance(code, int) else exit_codes.OK


def _refused(error: DiagnosticError, manner: Manner) -> int:
    from shardwright.report.diagnostics import show

    tell(lambda: show(error.diagnostics, manner.format))
    return error.exit_code


def _interrupted() -> int:
    # Whoever started workers has stopped them in a `finally` on the way here.
    _say("interrupted")
    return exit_codes.INTERRUPTED


def _unwritten(error: OSError) -> int:
    """The disk is full, say. What Python still holds back must not fail once more at exit."""
    silence(sys.stdout)
    _say(f"Error: cannot write the answer: {error.strerror}")
    return exit_codes.USAGE


def _full() -> int:
    _say("Error: the memory of this process does not suffice for the input")
    return exit_codes.LIMIT


def _hung_up() -> int:
    # The reader (`head`, a pager) has what it wanted. Python's own flush at exit must not complain.
    silence(sys.stdout, sys.stderr)
    return exit_codes.HUNG_UP


def _bug(error: Exception, manner: Manner) -> int:
    if manner.debug:
        traceback.print_exception(error)
    reason = traceback.format_exception_only(error)[-1].strip()
    again = shlex.join(["shardwright", "--debug", *manner.arguments])
    _say(f"internal error: {reason}")
    if not manner.debug:
        _say(f"This is a bug in Shardwright. Please report it with the output of: {again}")
    return exit_codes.INTERNAL


def _say(text: str) -> None:
    tell(lambda: click.echo(text, err=True))
