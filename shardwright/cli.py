"""The `shardwright` command: finds the subcommand, runs it, and leaves with an exit code."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

import click

from shardwright import exit_codes
from shardwright.endings import Interrupted, Manner, Terminated, run
from shardwright.lazy import LazyGroup
from shardwright.streams import prepare

AGAIN = 0.01  # seconds until a signal that was ignored comes again
# In the order in which a user meets them.
COMMANDS = (
    "check",
    "fmt",
    "compile",
    "solve",
    "certify",
    "why",
    "why-not",
    "where",
    "tax",
    "conflicts",
    "diff",
    "test",
    "policy",
    "audit",
    "store",
    "replay",
    "explain",
)


@click.group(
    cls=LazyGroup,
    home="shardwright.commands",
    names=COMMANDS,
    context_settings={"help_option_names": ["--help", "-h"]},
)
@click.version_option(package_name="shardwright", message="shardwright %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
@click.pass_obj
def cli(manner: Manner, debug: bool) -> None:
    """Write placement rules as JSON policies; get a certified placement and the reasons for it."""
    manner.debug = debug


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own) and return its exit code."""
    if instruction := os.environ.get("_SHARDWRIGHT_COMPLETE"):
        return _complete(instruction)
    prepare()
    if sys.stdout is None:
        click.echo("Error: cannot write the answer: stdout is closed", err=True)
        return exit_codes.USAGE
    _heed_signals()
    manner = Manner(list(arguments)) if arguments is not None else Manner(sys.argv[1:], started=_started())
    return run(lambda: _invoke(manner), manner)


def _invoke(manner: Manner) -> object:
    # Not cli.main(): click would answer a closed pipe with exit code 1, which is ours for a bug.
    with cli.make_context("shardwright", list(manner.arguments), obj=manner) as context:
        return cli.invoke(context)


def _complete(instruction: str) -> int:
    from click.shell_completion import shell_complete

    return shell_complete(cli, {}, "shardwright", "_SHARDWRIGHT_COMPLETE", instruction)


def _started() -> float:
    """When this process began, on the monotonic clock: until now it has done nothing but load Python."""
    return time.monotonic() - time.process_time()


def _heed_signals() -> None:
    signal.signal(signal.SIGTERM, _terminate)
    Interrupted.came = False
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not what nohup and the like ignore
        signal.signal(signal.SIGINT, _interrupt)
    sys.unraisablehook = _insist


def _interrupt(number: int, frame: FrameType | None) -> None:
    Interrupted.came = True
    raise Interrupted


def _terminate(number: int, frame: FrameType | None) -> None:
    # An exception, so that every `finally` on the way out stops its workers.
    raise Terminated(exit_codes.TERMINATED)


def _insist(ignored: sys.UnraisableHookArgs) -> None:
    """A signal that came while Python cleaned up an object, where no exception gets out, comes once more."""
    again = {Interrupted: _interrupt, Terminated: _terminate}.get(ignored.exc_type)
    if again is None:
        sys.__unraisablehook__(ignored)
        return
    # By a timer: raised right here it would be ignored like the first.
    signal.signal(signal.SIGALRM, again)
    signal.setitimer(signal.ITIMER_REAL, AGAIN)
