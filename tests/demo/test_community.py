"""The community in the demonstration: figures that anybody can add up from the files, and one foreign amount."""

from decimal import Decimal

import pytest

from apps.community.models import Contribution
from apps.submissions.choices import State
from apps.submissions.models import Evidence, NothingToReport, Submission
from tests.demo.computed import Computed, figures_of

pytestmark = pytest.mark.usefixtures("demo")

# At Hami, at Baishan and in the group.
OF_2020 = [
    ("CI-CONTRIB", "6", "6", "12"),
    ("CI-AREAS", "5", "6", "6"),
    ("CI-AREA-EDUCATION", "2", "1", "3"),
    ("CI-AREA-SPORT", "0", "1", "1"),
    ("CI-MONEY", "17,248.86", "15,000.00", "32,248.86"),
    ("CI-GOODS", "12,130.50", "7,920.00", "20,050.50"),
    ("CI-GIVEN", "29,379.36", "22,920.00", "52,299.36"),
    ("CI-GIVEN-EDUCATION", "12,928.86", "12,000.00", "24,928.86"),
    ("CI-HOURS", "282.0", "131.0", "413.0"),
    ("CI-HOURS-CULTURE", "108.0", "45.0", "153.0"),
    ("CI-TURNS", "63", "45", "108"),
    ("CI-REACHED", "442", "36", "478"),
    ("CI-HIRES", "52", "22", "74"),
    ("CI-LOCAL", "29", "20", "49"),
    ("CI-LOCAL-SHARE", "55.8", "90.9", "66.2"),
    ("CI-SURPLUS", "18", "9", "27"),
    ("CI-SURPLUS-SHARE", "34.6", "40.9", "36.5"),
    ("CI-FARM-PEOPLE", "41", "26", "67"),
    ("CI-FARM-DAYS", "492", "234", "726"),
    ("CI-ITEM-JOB_FAIRS", "3", "2", "5"),
    ("CI-ARRANGED", "3", "2", "5"),
]


@pytest.fixture(scope="module")
def figures(demo: str) -> Computed:
    return figures_of("2020")


@pytest.mark.parametrize(("code", "hami", "baishan", "group"), OF_2020)
def test_figures_that_anybody_can_add_up(figures: Computed, code: str, hami: str, baishan: str, group: str) -> None:
    assert [figures[code, site].display for site in ("HAMI", "BAISHAN", "")] == [hami, baishan, group]


def test_hires_are_those_of_the_breakdown(figures: Computed) -> None:
    """Two forms speak of the same people."""
    for site in ("HAMI", "BAISHAN", ""):
        told = figures["WF-HIRED", site].value
        assert told is not None and told == figures["CI-HIRES", site].value


def test_every_month_is_approved_and_empty_ones_are_stated() -> None:
    of_2020 = Submission.objects.filter(section="community", period__year__code="2020")
    assert [of_2020.count(), of_2020.filter(state=State.APPROVED).count()] == [24, 24]
    assert NothingToReport.objects.filter(submission__in=of_2020, table="contribution").count() == 12
    assert Contribution.objects.values("submission").distinct().count() == 12


def test_the_foreign_donation_has_an_illustrative_rate() -> None:
    """8,888.85 × 0.8605 = 7,648.855425."""
    given = Contribution.objects.exclude(currency="CNY").select_related("rate").get()
    assert given.rate is not None and "not official" in given.rate.source
    assert (given.currency, given.money, given.money_rmb) == ("HKD", Decimal("8888.85"), Decimal("7648.86"))


def test_the_larger_donation_has_its_receipt() -> None:
    (large,) = [given for given in Contribution.objects.all() if (given.money_rmb or 0) > 10_000]
    assert Evidence.objects.filter(submission=large.submission, row=f"contribution:{large.pk}").count() == 1
