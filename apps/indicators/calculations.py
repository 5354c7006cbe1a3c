"""How a figure was worked out from others: line by line, with every factor and where it comes from.

Fractions all the way, so that nothing is rounded before it is printed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from apps.core.formats import typed
from apps.indicators.basis import divide

if TYPE_CHECKING:
    from apps.organisation.models import Site


@dataclass(frozen=True, kw_only=True)
class Step:
    """One factor of a line: what it is, its value and unit, and where it was taken from.

    ``reference`` names it for a machine (a factor and its version); empty for what holds by definition, such as
    44/12. ``is_doubtful`` where nobody has confirmed it against its source.
    """

    title: str
    value: Fraction
    unit: str = ""
    source: str = ""
    reference: str = ""
    is_doubtful: bool = False
    # As printed where it is no finite decimal: 44/12.
    written: str = ""

    @property
    def display(self) -> str:
        return self.written or typed(Decimal(self.value.numerator) / Decimal(self.value.denominator))


@dataclass(frozen=True, kw_only=True)
class CalculationLine:
    """An amount times its factors. ``code`` is the figure that gave the amount; ``reason`` why nothing came out."""

    title: str
    code: str
    amount: Decimal | None
    unit: str
    steps: tuple[Step, ...] = ()
    result: Fraction | None = None
    reason: str = ""
    site: "Site | None" = None

    @classmethod
    def multiplied(
        cls, *, title: str, code: str, amount: Decimal, unit: str, steps: Iterable[Step]
    ) -> "CalculationLine":
        """The amount × every step."""
        taken = tuple(steps)
        result = Fraction(amount)
        for step in taken:
            result *= step.value
        return cls(title=title, code=code, amount=amount, unit=unit, steps=taken, result=result)

    @property
    def result_value(self) -> Decimal | None:
        """The result with more digits than anybody prints."""
        if self.result is None:
            return None
        return divide(Decimal(self.result.numerator), Decimal(self.result.denominator), Fraction(1))


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """All lines of a figure. Without a line it is zero: nothing of the kind was used."""

    lines: tuple[CalculationLine, ...] = ()

    @classmethod
    def of_sites(cls, calculations: Iterable[tuple["Site", "Calculation"]]) -> "Calculation":
        """The lines of several sites below each other, each with its site."""
        return cls(lines=tuple(replace(line, site=site) for site, each in calculations for line in each.lines))

    @classmethod
    def together(cls, calculations: Iterable["Calculation"]) -> "Calculation":
        """The lines of the parts of a total below each other."""
        return cls(lines=tuple(line for each in calculations for line in each.lines))

    @property
    def reason(self) -> str:
        """Why there is no total: the first line that could not be worked out."""
        return next((line.reason for line in self.lines if line.result is None), "")

    @property
    def total(self) -> Decimal | None:
        """The lines added up, in the unit of the figure; None where one of them is missing."""
        results = [line.result for line in self.lines]
        if any(result is None for result in results):
            return None
        total = sum((result for result in results if result is not None), start=Fraction(0))
        return divide(Decimal(total.numerator), Decimal(total.denominator), Fraction(1))
