"""A line chart as SVG: steps over time on a logarithmic axis, readable without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 56, 56
COLOURS = ("#0b6e4f", "#1f5fbf", "#b5480f", "#7a3e9d", "#555555")
DASHES = ("", "", "7 4", "2 4", "9 3 2 3")
TICK_STEPS = (1, 1.5, 2, 3, 5, 7)

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Series:
    """What was best at a time (seconds, value), in the order of time; `until` is where the run ended."""

    name: str
    points: Points
    until: float


@dataclass(frozen=True)
class Scale:
    """From values to pixels, both axes logarithmic."""

    low: float
    high: float
    start: float
    length: float

    def at(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(self.start + self.length * share, 1)

    def ticks(self) -> list[float]:
        """1, 1.5, 2, 3, 5, 7, 10, ... within the range."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        values = [step * 10.0**power for power in powers for step in TICK_STEPS]
        return [value for value in values if self.low <= value <= self.high]


def chart(title: str, value: str, series: Sequence[Series], floor: float | None = None) -> str:
    """The whole picture; `floor` is a bound that no line can go below."""
    shown = [each for each in series if each.points]
    times = [time for each in shown for time in (each.points[0][0], each.until)]
    values = [value for each in shown for _, value in each.points] + ([floor] if floor else [])
    across = Scale(min(times) * 0.9, max(times) * 1.1, LEFT, WIDTH - LEFT - RIGHT)
    up = Scale(min(values) * 0.93, max(values) * 1.1, HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 26, title, size=16),
        _text(LEFT, 46, value),
        *_grid(across, up),
        *(_lowest(floor, up) if floor else []),
        *(_line(number, each, across, up) for number, each in enumerate(shown)),
        *_names(shown, up),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(across: Scale, up: Scale) -> list[str]:
    foot, end = HEIGHT - BOTTOM, WIDTH - RIGHT
    lines = []
    for tick in across.ticks():
        at = across.at(tick)
        lines += [_rule(at, TOP, at, foot), _text(at, foot + 20, f"{tick:g}", anchor="middle")]
    for tick in up.ticks():
        at = up.at(tick)
        lines += [_rule(LEFT, at, end, at), _text(LEFT - 8, at + 4, f"{tick:g}", anchor="end")]
    return [*lines, _text((LEFT + end) / 2, HEIGHT - 14, "seconds since the start", anchor="middle")]


def _lowest(floor: float, up: Scale) -> list[str]:
    at = up.at(floor)
    line = f'<path d="M{LEFT} {at}H{WIDTH - RIGHT}" stroke="#333" stroke-width="1" stroke-dasharray="1 3"/>'
    return [line, _text(LEFT + 6, at + 16, f"proven: no fewer than {floor:g}")]


def _line(number: int, series: Series, across: Scale, up: Scale) -> str:
    """A value holds until the next one."""
    (first, value), *later = series.points
    steps = "".join(f"H{across.at(time)}V{up.at(value)}" for time, value in later)
    path = f"M{across.at(first)} {up.at(value)}{steps}H{across.at(series.until)}"
    dash = DASHES[number % len(DASHES)]
    colour = COLOURS[number % len(COLOURS)]
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'


def _names(series: Sequence[Series], up: Scale) -> list[str]:
    """Names at the ends of the lines, moved apart where they would cover each other."""
    order = sorted(range(len(series)), key=lambda number: up.at(series[number].points[-1][1]))
    texts, free = [], float(TOP)
    for number in order:
        last = series[number].points[-1][1]
        free = max(free, up.at(last) + 4)
        label = f"{series[number].name}: {last:g}"
        texts.append(_text(WIDTH - RIGHT + 8, free, label, fill=COLOURS[number % len(COLOURS)]))
        free += 18
    return texts


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#e3e3e3"/>'


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 13, fill: str = "#222"
) -> str:
    style = f'font-size="{size}" text-anchor="{anchor}" fill="{fill}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'
