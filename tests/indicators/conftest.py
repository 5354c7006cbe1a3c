"""A workforce of few groups, for the tests of what is withheld."""

import pytest

from apps.submissions import services
from tests.factories import AssignmentFactory, DimensionFactory, WorkforceGroupFactory, WorkforceMeasureFactory, World
from tests.indicators.withholding import at_year_end
from tests.workforce.records import approve, breakdown, put_counts


@pytest.fixture
def people(world: World) -> World:
    """The workforce by gender, by age, by origin and by contract; interns are listed apart."""
    gender = DimensionFactory(code="gender", gives_total=True, in_training=True)
    age, origin, contract = (DimensionFactory(code=code, in_training=True) for code in ("age", "origin", "contract"))
    for position, (code, fields) in enumerate(
        {
            "women": {"dimension": gender},
            "men": {"dimension": gender},
            "young": {"dimension": age},
            "middle": {"dimension": age},
            "old": {"dimension": age},
            "local": {"dimension": origin, "is_local": True},
            "away": {"dimension": origin},
            "full_time": {"dimension": contract},
            "part_time": {"dimension": contract},
            "interns": {"dimension": contract, "counts_in_total": False},
        }.items()
    ):
        WorkforceGroupFactory(code=code, position=position, **fields)
    for kind in ("year_end", "year_start", "leavers", "trained"):
        WorkforceMeasureFactory(kind=kind)
    WorkforceMeasureFactory(kind="training_hours", unit_code="h", whole_numbers=False)
    for site in (world.hami, world.baishan):
        AssignmentFactory(site=site, section="workforce")
    services.match_assignments(world.year)
    return world


@pytest.fixture
def small_site(people: World) -> World:
    """3 women at Hami, so that the 7,919 men are withheld too, and both at Baishan; all approved."""
    for site, clerk, women, men in (
        (people.hami, people.clerk, 3, 7919),
        (people.baishan, people.other_clerk, 61, 8111),
    ):
        form = breakdown(site)
        at_year_end(site, women=women, men=men, full_time=women + men)
        put_counts(form, "year_start", women=women + 10, men=men - 12)
        put_counts(form, "leavers", women=2, men=1237)
        put_counts(form, "trained", women=2, men=1579)
        put_counts(form, "training_hours", women=17, men=23456)
        approve(form, clerk, people.reviewer)
    return people
