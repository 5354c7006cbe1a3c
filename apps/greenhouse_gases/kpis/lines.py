"""From what a site used to the lines of a calculation. Each line is an amount times factors; nothing is rounded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.units import UNITS, Unit, factor_between
from apps.environment.kpis import RESOURCES
from apps.environment.models import Resource
from apps.environment.models.resources import ResourceKind
from apps.greenhouse_gases.choices import Parameter
from apps.greenhouse_gases.factor_sets import FactorSet, FoundSteps, by_grid
from apps.greenhouse_gases.models import Factor
from apps.indicators.basis import exactly
from apps.indicators.calculations import Calculation, CalculationLine, Step
from apps.indicators.computation import Figures
from apps.indicators.kpi_set import Member
from apps.organisation.models import Site
from apps.submissions.catalogue import QuantityItem

ELECTRICITY: Final = "electricity"
HEAT: Final = "purchased_heat"

# What a value of these units counts by.
NCV_PER: Final = {"GJ/t": UNITS["t"], "GJ/10^4 Nm3": UNITS["万Nm3"]}


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a site used of one catalogue row in the year."""

    item: QuantityItem
    code: str
    amount: Decimal
    site: Site
    factors: FactorSet

    @property
    def name(self) -> str:
        return self.item.name

    def line(self, *steps: Step, product: Fraction | None = None) -> CalculationLine:
        """``product`` is that of the steps, where it is known."""
        return CalculationLine.multiplied(
            title=self.name,
            code=self.code,
            amount=self.amount,
            unit=str(self.item.unit.label),
            steps=steps,
            product=product,
        )

    def without_result(self, reason: str) -> CalculationLine:
        """A line that cannot be worked out, which leaves the whole figure without a value."""
        return CalculationLine(
            title=self.name, code=self.code, amount=self.amount, unit=str(self.item.unit.label), reason=reason
        )


class MissingFactorError(Exception):
    """What a line needs is not there. The text says what to do."""


Work = Callable[[Used], CalculationLine]


def worked(work: Work, used: Used) -> CalculationLine:
    """The line of ``work``, or one that says what is missing.

    The factors depend on the catalogue row and on where the site has its electricity from, so they are looked up once.
    """
    key = work, type(used.item), used.item.pk, by_grid(used.factors, used.site), get_language()
    known = used.factors.found_steps.get(key)
    if known is not None:
        return CalculationLine(
            title=known.line.title,
            code=used.code,
            amount=used.amount,
            unit=known.line.unit,
            steps=known.line.steps,
            result=Fraction(used.amount) * known.product,
        )
    try:
        line = work(used)
    except MissingFactorError as missing:
        return used.without_result(str(missing))
    product = prod((each.value for each in line.steps), start=Fraction(1))
    used.factors.found_steps[key] = FoundSteps(line=line, product=product)
    return line


def needed(used: Used, factor: Factor | None, parameter: Parameter) -> Factor:
    """``factor``, which must be there."""
    if factor is None:
        raise MissingFactorError(
            _("%(item)s: there is no factor for “%(parameter)s” in %(year)s. Add it under “Emission factors”.")
            % {"item": used.name, "parameter": parameter.label, "year": used.factors.year}
        )
    return factor


def step(factor: Factor, place: str = "") -> Step:
    """``place`` tells it from others of the same name: the region of a grid factor, the set of a GWP."""
    title = str(Parameter(factor.parameter).label)
    return Step(
        title=_("%(title)s (%(place)s)") % {"title": title, "place": place} if place else title,
        value=Fraction(factor.value),
        unit=factor.unit_label,
        source=factor.source,
        reference=factor.reference,
        is_doubtful=factor.is_doubtful,
    )


def converted(value: Fraction, source: str, target: str) -> tuple[Step, ...]:
    """A step that holds by definition; none where the units are the same."""
    if value == 1:
        return ()
    return (
        Step(
            title=_("%(source)s to %(target)s") % {"source": source, "target": target},
            value=value,
            written=f"1/{_plain(1 / value)}" if value < 1 else _plain(value),
        ),
    )


def _plain(value: Fraction) -> str:
    """3.6, 1,000 or 44/12 as people write it."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{decimal:,f}"


def to_unit(used: Used, target: Unit) -> tuple[Step, ...]:
    """Brings an amount to ``target``; litres come to tonnes by the density among the factors."""
    own = used.item.unit
    factor = factor_between(own, target)
    if factor is not None:
        return converted(factor, str(own.label), str(target.label))
    litres = factor_between(own, UNITS["L"])
    kilograms = factor_between(UNITS["kg"], target)
    if litres is None or kilograms is None:
        raise MissingFactorError(
            _("%(item)s: %(own)s cannot be converted to %(target)s. Ask the administrator for a row in %(target)s.")
            % {"item": used.name, "own": own.label, "target": target.label}
        )
    density = needed(used, used.factors.find(used.item.code, Parameter.DENSITY), Parameter.DENSITY)
    return (
        *converted(litres, str(own.label), "L"),
        step(density),
        *converted(kilograms, "kg", str(target.label)),
    )


def heat_steps(used: Used) -> tuple[Step, ...]:
    """From the amount of a fuel to its heat in GJ."""
    ncv = needed(used, used.factors.find(used.item.code, Parameter.NCV), Parameter.NCV)
    return (*to_unit(used, NCV_PER[ncv.unit]), step(ncv))


def member_of(figures: Figures, family: str, item_pk: int | None) -> Member:
    return figures.kpis.member(family, item_pk)


def lines_of(
    figures: Figures, factors: FactorSet, site: Site, member: Member, work: Work, *, grade_matters: bool = True
) -> Iterator[CalculationLine]:
    """The lines of a catalogue row: of itself, and of the grades reported under it.

    What stands on a line with grades and under none of them has no value where the grade moves the result.
    """
    if not isinstance(member.item, QuantityItem):
        raise TypeError(f"{member.total} is no quantity")
    grades: Sequence[Member] = ()
    if isinstance(member.item, Resource):  # a product may have the number of a resource
        grades = figures.kpis.parts_of(RESOURCES.code, member.item.pk)
    whole = figures.of(member.total, site)
    amount, gaps = whole.value, whole.gaps
    if grades:
        parts = [figures.of(grade.total, site) for grade in grades]
        gaps -= sum(part.gaps for part in parts)
        if amount is not None:
            with exactly():
                amount -= sum((part.value for part in parts if part.value is not None), start=Decimal(0))
    if amount:
        used = Used(item=member.item, code=member.total, amount=amount, site=site, factors=factors)
        if grades and grade_matters:
            yield used.without_result(_("%(item)s: name the grade, which moves the result.") % {"item": used.name})
        else:
            yield worked(work, used)
    elif gaps > 0 and whole.value is None:
        yield CalculationLine(
            title=member.item.name,
            code=member.total,
            amount=None,
            unit=str(member.item.unit.label),
            reason=f"{member.item.name}: {whole.reason}",
        )
    for grade in grades:
        yield from lines_of(figures, factors, site, grade, work)


def calculation(lines: Iterator[CalculationLine]) -> Calculation:
    return Calculation(lines=tuple(lines))


def is_energy(item: Resource) -> bool:
    return item.kind == ResourceKind.ENERGY


def is_fuel(item: Resource) -> bool:
    """Energy that is burned here: all but what comes ready from the grid or from a neighbour."""
    return is_energy(item) and item.code not in (ELECTRICITY, HEAT)


def is_part_of(takes: Callable[[Any], bool]) -> Callable[[Resource], bool]:
    """Whether a row is reported under one that ``takes`` lets through."""
    return lambda item: item.reported_under is not None and takes(item.reported_under)


def is_line(item: Resource) -> bool:
    """No grade of another line."""
    return item.reported_under_id is None


def is_emitting(item: Resource) -> bool:
    """A material that causes emissions by itself: its catalogue row names A1.2."""
    return item.kind == ResourceKind.MATERIAL and "A1.2" in item.hkex_codes()
