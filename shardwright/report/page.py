"""The answers to solve and certify as one page each: sections with a blank line between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType

from shardwright.cluster.cluster import Cluster
from shardwright.report.conflicts import conflicts_section
from shardwright.report.footer import certificate_line, footer
from shardwright.report.gave_up import gave_up_section
from shardwright.report.headline import certified_headline, headline
from shardwright.report.levels import levels_section
from shardwright.report.map import load_map
from shardwright.report.moves import moves_section
from shardwright.report.not_applied import not_applied_section
from shardwright.report.sections import spaced
from shardwright.report.violations import violations_section
from shardwright.solver.result import Placement, Result

if TYPE_CHECKING:
    from shardwright.api import Certification


def solve_page(result: Result, cluster: Cluster, width: int = 100) -> RenderableType:
    """What an operator reads after `solve`, most urgent first."""
    return spaced(
        [
            headline(result, cluster),
            conflicts_section(result, cluster),
            load_map(cluster, result.placement, width) if result.placement is not None else None,
            moves_section(result.moves),
            gave_up_section(result.gave_up),
            not_applied_section(result.not_applied),
            levels_section(result.levels),
            footer(result),
        ]
    )


def certify_page(
    certification: Certification, cluster: Cluster, placement: Placement, width: int = 100
) -> RenderableType:
    """What an operator reads after `certify`."""
    return spaced(
        [
            certified_headline(certification.certificate, placement),
            violations_section(certification.certificate.violations),
            load_map(cluster, placement, width),
            moves_section(certification.moves),
            gave_up_section(certification.gave_up),
            levels_section(certification.levels, bounds=False),
            certificate_line(certification.certificate),
        ]
    )
