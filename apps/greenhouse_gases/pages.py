"""Factors as the pages show them: named, and marked where nobody has confirmed them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.greenhouse_gases.choices import Confidence
from apps.greenhouse_gases.factor_sets import pinned_years
from apps.greenhouse_gases.models import Factor
from apps.indicators.computation import Figures

# Of each confidence: its sign, and the state of the style sheet whose colour it has.
_MARKS = {
    Confidence.VERIFIED: ("✓", "approved"),
    Confidence.DERIVED: ("=", "draft"),
    Confidence.GENERAL_KNOWLEDGE: ("?", "returned"),
}


@dataclass(frozen=True, kw_only=True)
class FactorLine:
    """A factor with the name of what it is about. ``is_newest``: no later version of it is there."""

    factor: Factor
    name: str
    is_newest: bool

    @property
    def sign(self) -> str:
        return _MARKS[Confidence(self.factor.confidence)][0]

    @property
    def colour(self) -> str:
        return _MARKS[Confidence(self.factor.confidence)][1]


def lines(factors: Iterable[Factor], names: dict[str, str]) -> list[FactorLine]:
    """In the order of the model: of each factor the newest version first."""
    seen: set[object] = set()
    found = []
    for factor in factors:
        name = names.get(factor.subject, factor.subject)
        found.append(FactorLine(factor=factor, name=name, is_newest=factor.key not in seen))
        seen.add(factor.key)
    return found


@dataclass(frozen=True, kw_only=True)
class Use:
    """A line of a figure that a factor is part of."""

    code: str
    title: str
    site: str


def uses(figures: Figures, factor: Factor) -> Iterator[Use]:
    """The figures of a year at each site whose calculation names ``factor``."""
    for kpi in figures.kpis:
        for site in figures.sites:
            calculation = figures.of(kpi.code, site).calculation
            if calculation and any(
                step.reference == factor.reference for line in calculation.lines for step in line.steps
            ):
                yield Use(code=kpi.code, title=str(kpi.title), site=site.name)


def editions(factor: Factor) -> list[tuple[str, int]]:
    return list(pinned_years(factor))
