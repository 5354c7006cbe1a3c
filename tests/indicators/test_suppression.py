"""Which figures about people are withheld: small groups, and what would let them be worked out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.organisation.models import Group, Site
from apps.submissions import services
from apps.workforce.models import Dimension, WorkforceCount, WorkforceGroup, WorkforceMeasure
from tests.factories import AssignmentFactory, ReportingYearFactory, SiteFactory, WorkforceGroupFactory, World
from tests.indicators.published import determined, published
from tests.indicators.withholding import at_year_end, figures, withheld
from tests.workforce.records import breakdown, put_counts

MEASURES = ("year_end", "year_start", "leavers", "trained")


def opened(code: str, world: World) -> Site:
    """A further site that hands in its breakdown."""
    site: Site = SiteFactory(code=code)
    AssignmentFactory(site=site, section="workforce")
    services.match_assignments(world.year)
    return site


# Which cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "count", "small"),
    [
        (5, 4, True),
        (5, 5, False),
        (5, 1, True),
        (5, 0, False),
        (10, 9, True),
        (10, 10, False),
        (3, 2, True),
        (3, 3, False),
    ],
)
def test_a_group_below_the_limit_is_withheld_and_nobody_is_nobody(
    people: World, limit: int, count: int, small: bool
) -> None:
    Group.objects.update(small_group_below=limit)
    at_year_end(people.hami, interns=count)
    at_year_end(people.baishan, interns=30)
    found = figures(people)
    assert withheld(found) == ({("interns", "HAMI"), ("interns", "BAISHAN")} if small else set())
    shown = {place: found.of("WF-END-INTERNS", place).display for place in (None, people.hami)}
    assert shown == {None: f"{30 + count}", people.hami: "–" if small else f"{count}"}


@pytest.mark.parametrize("limit", [0, 2])
def test_groups_of_two_are_always_protected(people: World, limit: int) -> None:
    with pytest.raises(IntegrityError, match="group_protects_small_groups"), transaction.atomic():
        Group.objects.update(small_group_below=limit)


def test_the_next_smallest_of_a_dimension_goes_along(people: World) -> None:
    """Or the small one would be what is left of the total."""
    at_year_end(people.hami, young=3, middle=60, old=40)
    at_year_end(people.baishan, young=0, middle=0, old=0)
    assert withheld(figures(people, people.hami)) == {("young", "HAMI"), ("old", "HAMI")}
    assert figures(people).of("WF-END-MIDDLE", people.hami).value == 60


def test_two_small_groups_of_a_dimension_hide_each_other(people: World) -> None:
    at_year_end(people.hami, young=3, middle=60, old=4)
    assert withheld(figures(people, people.hami)) == {("young", "HAMI"), ("old", "HAMI")}


def test_a_small_remainder_is_no_hiding_place(people: World) -> None:
    """1 and 2 are withheld; that they are three together would say too much, in a dimension and over the sites."""
    third = opened("THIRD", people)
    at_year_end(people.hami, young=1, middle=60, old=2, interns=1)
    at_year_end(people.baishan, interns=2)
    at_year_end(third, interns=30)
    assert withheld(figures(people, people.hami)) >= {("young", "HAMI"), ("old", "HAMI"), ("middle", "HAMI")}
    assert {cell for cell in withheld(figures(people)) if cell[0] == "interns"} == {
        ("interns", "HAMI"),
        ("interns", "BAISHAN"),
        ("interns", "THIRD"),
    }


def test_the_next_smallest_site_goes_along(people: World) -> None:
    """Or the small one would be what is left of the group's number."""
    third = opened("THIRD", people)
    at_year_end(people.hami, interns=2)
    at_year_end(people.baishan, interns=30)
    at_year_end(third, interns=10)
    assert withheld(figures(people)) == {("interns", "HAMI"), ("interns", "THIRD")}
    assert figures(people).of("WF-END-INTERNS").value == 42


def test_withholding_goes_on_until_nothing_stands_alone(people: World) -> None:
    """3 young people at Hami take the 40 old ones along, those take Baishan's, and those the young of Baishan."""
    at_year_end(people.hami, young=3, middle=60, old=40)
    at_year_end(people.baishan, young=20, middle=90, old=50)
    assert withheld(figures(people)) == {(group, site) for group in ("young", "old") for site in ("HAMI", "BAISHAN")}
    for group, total in (("YOUNG", 23), ("MIDDLE", 150), ("OLD", 90)):
        assert figures(people).of(f"WF-END-{group}").value == total


def test_a_group_of_a_few_in_all_is_withheld_at_the_group_too(people: World) -> None:
    at_year_end(people.hami, young=2, middle=60, old=40)
    at_year_end(people.baishan, young=0, middle=90, old=50)
    cells = withheld(figures(people))
    assert {("young", ""), ("young", "HAMI"), ("old", ""), ("old", "HAMI")} <= cells
    assert ("young", "BAISHAN") not in cells
    assert figures(people).of("WF-END-YOUNG", people.baishan).display == "0"


def test_the_only_group_of_a_small_site_is_not_what_is_left_of_the_total(people: World) -> None:
    """All three people of a site are old: the total says three, and zeros for the others would say who they are."""
    at_year_end(people.hami, women=1, men=2, young=0, middle=0, old=3)
    at_year_end(people.baishan, women=60, men=90, young=40, middle=60, old=50)
    assert determined(figures(people)) == set()


def test_local_staff_are_withheld_with_the_group_they_are(people: World) -> None:
    at_year_end(people.hami, women=50, men=53, local=3, away=100)
    at_year_end(people.baishan, women=20, men=80, local=40, away=60)
    found = figures(people)
    assert ("local", "HAMI") in withheld(found)
    for code in ("WF-LOCAL", "WF-LOCAL-SHARE"):
        assert found.of(code, people.hami).value is None, code
    assert found.of("WF-LOCAL").value == 43


def test_no_group_follows_from_several_sums_together(people: World) -> None:
    """Each row and column lacks two or more cells, and yet one of them would follow from four sums at once."""
    third = opened("THIRD", people)
    WorkforceGroupFactory(code="eldest", dimension=Dimension.objects.get(code="age"))
    at_year_end(people.hami, women=3, men=5, young=3, middle=3, old=2, eldest=0)
    at_year_end(people.baishan, women=3, men=3, young=3, middle=3, old=0, eldest=0)
    at_year_end(third, women=50, men=55, young=50, middle=50, old=2, eldest=3)
    assert determined(figures(people)) == set()


def test_a_place_where_few_work_is_told_as_a_whole(people: World) -> None:
    """Its four people are counted; what befell them is not told, also where no group of them would be small."""
    third = opened("THIRD", people)
    for site, women, men in ((people.hami, 100, 200), (people.baishan, 40, 60), (third, 0, 4)):
        at_year_end(site, women=women, men=men)
        put_counts(breakdown(site), "year_start", women=women, men=men)
        put_counts(breakdown(site), "leavers", women=0, men=1)
        put_counts(breakdown(site), "trained", women=0, men=3)
    found = figures(people)
    assert found.of("WF-END", third).value == 4
    for code in ("WF-END-MEN", "WF-LEFT", "WF-LEFT-MEN", "WF-TRAINED", "WF-TURN", "WF-TRAINED_P"):
        assert found.of(code, third).is_withheld and found.of(code, third).value is None, code
    assert (found.of("WF-LEFT").value, found.of("WF-LEFT", people.hami).value) == (3, 1)
    assert determined(found) == set()


def test_what_the_year_before_withheld_at_its_end_stays_withheld_as_a_beginning(people: World) -> None:
    """The two are of one day: printed in the next report, 40 and 60 would tell of the three."""
    later = ReportingYearFactory(code="2021")
    services.open_year(later)
    at_year_end(people.hami, young=3, middle=60, old=40)
    put_counts(breakdown(people.hami, "2021"), "year_start", young=6, middle=60, old=37)
    found = compute(year=later, sites=[people.hami], basis=Basis.ALL)
    starts = {code: found.of(f"WF-START-{code}", people.hami).display for code in ("YOUNG", "MIDDLE", "OLD")}
    assert starts == {"YOUNG": "–", "MIDDLE": "60", "OLD": "–"}


# Whatever the numbers are -------------------------------------------------------------------------------------------

COUNT = st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 60))
DIMENSIONS = (("young", "middle", "old"), ("women", "men"), ("local", "away"), ("part_time", "full_time"))


def divided(draw: Any, total: int, most: dict[str, int]) -> dict[str, int]:
    """``total`` people over groups of which each has room for so many."""
    parts = {}
    for code, room in most.items():
        rest = sum(most.values()) - sum(most[known] for known in parts) - room
        parts[code] = draw(st.integers(max(0, total - rest), min(room, total)))
        total -= parts[code]
    return parts


@st.composite
def site_tables(draw: Any) -> dict[str, dict[str, int]]:
    """A breakdown of one site: every dimension divides the same people, and those who left or were trained are some."""
    table: dict[str, dict[str, int]] = {}
    for kind, some_of in (("year_end", ""), ("year_start", ""), ("leavers", "year_start"), ("trained", "year_end")):
        ages = {code: draw(COUNT) for code in DIMENSIONS[0]}
        total = draw(st.integers(0, sum(table[some_of][code] for code in ages))) if some_of else sum(ages.values())
        table[kind] = {"interns": draw(COUNT)}
        for codes in DIMENSIONS:
            room = {code: table[some_of][code] if some_of else total for code in codes}
            table[kind] |= ages if not some_of and codes == DIMENSIONS[0] else divided(draw, total, room)
    return table


@contextmanager
def forgotten() -> Iterator[None]:
    """Each example writes into a transaction of its own that is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def put_tables(tables: dict[Site, dict[str, dict[str, int]]]) -> None:
    """All cells with one statement: there are many examples."""
    measures = {measure.kind: measure for measure in WorkforceMeasure.objects.all()}
    groups = {group.code: group for group in WorkforceGroup.objects.all()}
    WorkforceCount.objects.bulk_create(
        WorkforceCount(
            submission=submission, measure=measures[kind], group=groups[code], entered_at=timezone.now(),
            state="value", method="recorded", entered_value=count, entered_unit="person", quantity=count,
        )
        for submission, table in ((breakdown(site), table) for site, table in tables.items())
        for kind, counts in table.items()
        for code, count in counts.items()
    )  # fmt: skip


# Making a failing example smaller takes minutes and makes it no clearer.
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(hami=site_tables(), baishan=site_tables())
def test_nothing_withheld_follows_from_what_is_published(
    people: World, hami: dict[str, dict[str, int]], baishan: dict[str, dict[str, int]]
) -> None:
    with forgotten():
        put_tables({people.hami: hami, people.baishan: baishan})
        found = figures(people)
        small = {
            (f"{head}-{code.upper()}", site)
            for kind, head in (("year_end", "WF-END"), ("year_start", "WF-START"))
            for site, table in (("HAMI", hami), ("BAISHAN", baishan))
            for code, count in table[kind].items()
            if 0 < count < 5
        }
        values = {cell: row["value"] for cell, row in published(found).items()}
        assert {cell for cell in small if values[cell] is not None} == set()
        assert determined(found) == set()
