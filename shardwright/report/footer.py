"""Who vouches for the answer, what was cut short, and where the time went."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from shardwright.report.words import count, line, seconds
from shardwright.solver.result import Certificate, Result

COMPILED = "search had to compile its kernels first, which takes a minute and is done once: run it again"

# The options that raise the settings.
OPTIONS = {
    "memory_limit_mb": "--memory-limit",
    "rule_limit": "--rule-limit",
    "steps": "--steps",
    "time_limit": "--time-limit",
}


def footer(result: Result) -> RenderableType:
    """The last lines of an answer."""
    lines = [*_limits(result.limits)]
    if "kernels" in result.statistics:
        lines.append(line(COMPILED))
    # In a conflict the certificate is the best effort's, and stands beside it.
    if result.certificate is not None and result.placement is not None:
        lines.append(certificate_line(result.certificate))
    return Group(*lines, _strategy(result), *_timings(result.timings))


def certificate_line(certificate: Certificate) -> Text:
    """`certified by the logic: 12,345 ground rules in 0.42 s`."""
    verdict = ("certified", "bold green") if certificate.certified else ("not certified", "bold red")
    return line(verdict, proof(certificate))


def proof(certificate: Certificate) -> str:
    """How much was looked at, and how long that took."""
    return (
        f" by the logic: {count(certificate.ground_rules, 'ground rule')} in {seconds(certificate.seconds)}"
    )


def _limits(limits: list[str]) -> list[Text]:
    return [_cut_short(limit) for limit in limits]


def _cut_short(limit: str) -> Text:
    if limit == "interrupt":
        return line(("interrupted", "bold yellow"), ": this is the best answer until then")
    return line(("limit reached", "bold yellow"), f": {OPTIONS.get(limit, limit)}")


def _strategy(result: Result) -> Text:
    reason = f": {result.reason_for_strategy}" if result.reason_for_strategy else ""
    return line((f"strategy {result.strategy}{reason}; seed {result.seed}", "dim"))


def _timings(timings: dict[str, float]) -> list[Text]:
    told = ", ".join(f"{stage} {seconds(spent)}" for stage, spent in timings.items() if spent >= 0.005)
    return [line((f"time: {told}", "dim"))] if told else []
