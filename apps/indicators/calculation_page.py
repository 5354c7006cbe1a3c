"""The calculation of a worked-out figure as its page shows it. Numbers are rounded here and nowhere before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator

from apps.core import formats
from apps.indicators.calculations import CalculationLine
from apps.indicators.declarations import Total
from apps.indicators.figures import Figure, query_of
from apps.indicators.parts import FEW_SITES
from apps.organisation.models import Site

# A few litres of diesel are a line of a total that is printed in whole tonnes.
_DECIMALS: Final = 2
# Each with all its factors; a group of hundreds of sites has thousands.
_LINES_ON_A_PAGE: Final = 50
# Each with a line for everything it used.
_SITES_ON_A_PAGE: Final = 3


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One line: what was used, times what, makes what. ``query`` leads to the figure that gave the amount."""

    line: CalculationLine
    result: str
    query: str

    @property
    def is_doubtful(self) -> bool:
        return any(step.is_doubtful for step in self.line.steps)


def lines_on(figure: Figure, sites: Sequence[Site], page: str | None) -> tuple[Page[Any], Sequence[CalculationLine]]:
    """The lines of a figure in the order of its parts, so many on a page; none for one that is no calculation.

    Of a large group the page is one of ``sites``: only theirs are worked out.
    """
    is_scaled = isinstance(figure.kpi, Total) and figure.kpi.factor != 1
    # The lines of the parts of a scaled total are in another unit.
    calculation = None if is_scaled else figure.calculation
    if calculation is not None and calculation.is_of_sites and len(sites) > FEW_SITES:
        listed = Paginator(sites, _SITES_ON_A_PAGE).get_page(page)
        return listed, calculation.at(list(listed.object_list)).lines
    lines = Paginator(calculation.lines if calculation is not None else (), _LINES_ON_A_PAGE).get_page(page)
    return lines, list(lines.object_list)


def shown_lines(figure: Figure, lines: Iterable[CalculationLine]) -> Sequence[ShownLine]:
    """``lines`` of the calculation of a figure, as they are printed."""
    decimals = max(figure.kpi.decimals, _DECIMALS)
    return [
        ShownLine(
            line=line,
            result=formats.number(line.result_value, decimals),
            query=query_of(line.site or figure.site, figure.basis),
        )
        for line in lines
    ]
