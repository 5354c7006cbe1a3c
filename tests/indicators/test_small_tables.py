"""Which cells are withheld in tables of any shape: more sites and sets than a test of pages would fill."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.indicators.declarations import Flow, Parts
from apps.indicators.suppression import find_small
from apps.workforce.models import WorkforceCount
from tests.indicators.published import alone

pytestmark = pytest.mark.django_db

COUNT = st.one_of(st.sampled_from([0, 1, 2, 3, 4]), st.integers(5, 60))


def counted(code: str, among: str) -> Flow:
    return Flow(
        code=code, title=code, unit="person", decimals=0, section="workforce", source=WorkforceCount, where=Q(),
        people=(code,), counts_people=True, among=among,
    )  # fmt: skip


@st.composite
def tables(draw: Any) -> tuple[list[Flow], dict[str, dict[int, int]]]:
    """Sets of two to four groups and up to two groups in no set, at up to five sites, with how many people each has."""
    sizes = [
        counted(f"{name}{number}", name)
        for name in draw(st.sampled_from([["a"], ["a", "b"]]))
        for number in range(draw(st.integers(2, 4)))
    ]
    sizes += [counted(f"apart{number}", "") for number in range(draw(st.integers(0, 2)))]
    sites = range(1, draw(st.integers(2, 5)) + 1)
    return sizes, {kpi.code: {site: draw(COUNT) for site in sites} for kpi in sizes}


@settings(max_examples=150, deadline=None)
@given(table=tables())
def test_no_withheld_cell_follows_from_the_printed_sums(table: tuple[list[Flow], dict[str, dict[int, int]]]) -> None:
    sizes, counts = table
    parts = {code: {site: Parts(total=Decimal(n), rows=1) for site, n in of.items()} for code, of in counts.items()}
    cells = find_small(sizes, parts, revealed=False).cells
    small = {(code, site) for code, of_code in counts.items() for site, count in of_code.items() if 0 < count < 5}
    assert small <= cells
    sums: list[dict[Any, Fraction]] = []
    for kpi in sizes:
        sums.append({(kpi.code, site): Fraction(-1 if site is None else 1) for site in (None, *counts[kpi.code])})
        for place in (None, *counts[kpi.code]):
            members = [other.code for other in sizes if kpi.among and other.among == kpi.among]
            sums.append({(code, place): Fraction(1) for code in members})
    hidden = [{cell: factor for cell, factor in equation.items() if cell in cells} for equation in sums]
    assert alone(hidden) == set()
    for kpi in sizes:
        of_sites = [count for site, count in counts[kpi.code].items() if (kpi.code, site) in cells]
        if of_sites and (kpi.code, None) not in cells:
            assert sum(of_sites) >= 5, "the sites that are printed leave a few people of the group"
