"""What must hold for any figures: order, splitting and months do not matter, and a ratio is one of sums."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.indicators.basis import Basis, divide
from apps.indicators.computation import compute
from apps.indicators.figures import Figure
from apps.organisation.models import Site
from tests.factories import ResourceFactory, World
from tests.indicators.records import put

pytestmark = pytest.mark.django_db

QUANTITIES = st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False, allow_infinity=False)
YEARS = st.dictionaries(st.integers(min_value=1, max_value=12), QUANTITIES, min_size=1, max_size=6)
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def forgotten() -> Iterator[None]:
    """Each example writes into a transaction of its own that is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def coal(world: World, site: Site | None = None, code: str = "ENV-RES-COAL") -> Figure:
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=Basis.ALL).of(code, site)


def recorded(world: World, months: dict[int, Decimal], site: Site | None = None) -> Decimal | None:
    with forgotten():
        for month, quantity in months.items():
            put(world.submission(site or world.hami, month), world.coal, quantity)
        return coal(world).value


@few
@given(months=YEARS, shuffled=st.randoms())
def test_the_order_of_entering_does_not_matter(world: World, months: dict[int, Decimal], shuffled: object) -> None:
    backwards = dict(sorted(months.items(), reverse=True))
    assert recorded(world, months) == recorded(world, backwards) == sum(months.values())


@few
@given(months=YEARS)
def test_moving_between_months_and_sites_keeps_the_year(world: World, months: dict[int, Decimal]) -> None:
    moved = dict(zip(range(1, 13), months.values(), strict=False))
    assert recorded(world, months) == recorded(world, moved) == recorded(world, moved, world.baishan)


@few
@given(quantity=QUANTITIES, share=st.fractions(min_value=0, max_value=1))
def test_splitting_a_record_keeps_the_sum(world: World, quantity: Decimal, share: Fraction) -> None:
    """Over the grades of a line, and over two months."""
    part = (quantity * share.numerator / share.denominator).quantize(Decimal("0.000001"))
    with forgotten():
        grade = ResourceFactory(code="grade", reported_under=world.coal)
        march, april = world.submission(world.hami, 3), world.submission(world.hami, 4)
        put(march, world.coal, quantity - part)
        put(march, grade, part)
        assert coal(world).value == quantity
        put(april, world.coal, part)
        assert coal(world).value == quantity + part


@few
@given(
    amounts=st.tuples(QUANTITIES, QUANTITIES),
    outputs=st.tuples(*[st.decimals(min_value=1, max_value=10**6, places=3)] * 2),
)
def test_the_group_divides_sums(
    world: World, amounts: tuple[Decimal, Decimal], outputs: tuple[Decimal, Decimal]
) -> None:
    with forgotten():
        for site, amount, output in zip((world.hami, world.baishan), amounts, outputs, strict=True):
            put(world.submission(site, 1), world.coal, amount)
            put(world.submission(site, 1), world.magnesium, output)
        densities = [coal(world, site, "ENV-RES-COAL-D").value for site in (None, world.hami, world.baishan)]
    group, hami, baishan = (Fraction(density) for density in densities if density is not None)
    exact = Fraction(sum(amounts)) / Fraction(sum(outputs))
    assert abs(group - exact) <= exact / 10**50
    # It lies between the sites', and is their mean only where the sites are alike.
    assert min(hami, baishan) <= group <= max(hami, baishan)
    if hami != baishan and outputs[0] != outputs[1]:
        assert group != (hami + baishan) / 2


@given(
    numerator=st.decimals(min_value=0, max_value=10**18, places=12),
    denominator=st.decimals(min_value=Decimal("0.001"), max_value=10**12, places=3),
)
def test_dividing_keeps_more_digits_than_anybody_prints(numerator: Decimal, denominator: Decimal) -> None:
    exact = Fraction(numerator) * 1000 / Fraction(denominator)
    assert abs(Fraction(divide(numerator, denominator, Fraction(1000))) - exact) <= exact / 10**55
