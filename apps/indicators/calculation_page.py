"""The calculation of a worked-out figure as its page shows it. Numbers are rounded here and nowhere before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from apps.core import formats
from apps.indicators.calculations import CalculationLine
from apps.indicators.declarations import Total
from apps.indicators.figures import Figure, query_of

# A few litres of diesel are a line of a total that is printed in whole tonnes.
_DECIMALS: Final = 2


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One line: what was used, times what, makes what. ``query`` leads to the figure that gave the amount."""

    line: CalculationLine
    result: str
    query: str

    @property
    def is_doubtful(self) -> bool:
        return any(step.is_doubtful for step in self.line.steps)


def shown_lines(figure: Figure) -> Sequence[ShownLine]:
    """The lines of a figure in the order of its parts; none for a figure that is no calculation."""
    is_scaled = isinstance(figure.kpi, Total) and figure.kpi.factor != 1
    if figure.calculation is None or is_scaled:  # the lines of its parts are in another unit
        return ()
    decimals = max(figure.kpi.decimals, _DECIMALS)
    return [
        ShownLine(
            line=line,
            result=formats.number(line.result_value, decimals),
            query=query_of(line.site or figure.site, figure.basis),
        )
        for line in figure.calculation.lines
    ]
