"""How a figure was worked out from others: line by line, with every factor and where it comes from.

Fractions all the way, so that nothing is rounded before it is printed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from apps.core.formats import typed
from apps.indicators.basis import quotient

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
        cls,
        *,
        title: str,
        code: str,
        amount: Decimal,
        unit: str,
        steps: Iterable[Step],
        product: Fraction | None = None,
    ) -> "CalculationLine":
        """The amount × every step; ``product`` is that of the steps, where it is known."""
        taken = tuple(steps)
        if product is None:
            product = prod((step.value for step in taken), start=Fraction(1))
        return cls(title=title, code=code, amount=amount, unit=unit, steps=taken, result=Fraction(amount) * product)

    @property
    def result_value(self) -> Decimal | None:
        """The result with more digits than anybody prints."""
        return decimal_of(self.result)


class Calculation:
    """All lines of a figure. Without a line it is zero: nothing of the kind was used."""

    def __init__(self, lines: Iterable[CalculationLine] = ()) -> None:
        self._lines: tuple[CalculationLine, ...] | None = tuple(lines)
        self._read: Callable[[], Iterable[CalculationLine]] = tuple
        self._at: Callable[[Sequence[Site]], Calculation] | None = None

    @classmethod
    def later(
        cls,
        read: Callable[[], Iterable[CalculationLine]],
        at: "Callable[[Sequence[Site]], Calculation] | None" = None,
    ) -> "Calculation":
        """Lines that are worked out when somebody looks at them: a group's are those of hundreds of sites.

        ``at`` gives those of some of the sites alone.
        """
        calculation = cls()
        calculation._lines, calculation._read, calculation._at = None, read, at
        return calculation

    def at(self, sites: "Sequence[Site]") -> "Calculation":
        """The lines of some of its sites; all lines of a calculation that is not made of sites."""
        return self if self._at is None else self._at(sites)

    @property
    def is_of_sites(self) -> bool:
        return self._at is not None

    @classmethod
    def of_sites(cls, calculations: Iterable[tuple["Site", "Calculation"]]) -> "Calculation":
        """The lines of several sites below each other, each with its site."""
        return cls(replace(line, site=site) for site, each in calculations for line in each.lines)

    @classmethod
    def together(cls, calculations: Iterable["Calculation"]) -> "Calculation":
        """The lines of the parts of a total below each other."""
        parts = tuple(calculations)
        at = None
        if all(each.is_of_sites for each in parts):

            def at(sites: "Sequence[Site]") -> Calculation:
                return cls.together(each.at(sites) for each in parts)

        return cls.later(lambda: (line for each in parts for line in each.lines), at)

    @property
    def lines(self) -> tuple[CalculationLine, ...]:
        if self._lines is None:
            self._lines = tuple(self._read())
        return self._lines

    @property
    def reason(self) -> str:
        """Why there is no total: the first line that could not be worked out."""
        return next((line.reason for line in self.lines if line.result is None), "")

    @property
    def exact_total(self) -> Fraction | None:
        """The lines added up, in the unit of the figure; None where one of them is missing."""
        total = Fraction(0)
        for line in self.lines:
            if line.result is None:
                return None
            total += line.result
        return total

    @property
    def total(self) -> Decimal | None:
        """The lines added up, with more digits than anybody prints."""
        return decimal_of(self.exact_total)


def decimal_of(value: Fraction | None) -> Decimal | None:
    """With more digits than anybody prints."""
    return None if value is None else quotient(value)
