"""Integrity in the demonstration: figures that anybody can add up from the files, and a round in which people stand
everywhere they can.
"""

import pytest

from apps.anti_corruption import digests
from apps.anti_corruption.answers import read
from apps.anti_corruption.models import Conflict, Declaration, Duty, Gift
from tests.demo.computed import Computed, figures_of

pytestmark = pytest.mark.usefixtures("demo")

# At Hami, at Baishan and in the group.
OF_2020 = [
    ("AC-DUE", "45", "24", "69"),  # 3 + 4 + 12 + 26; 2 + 7 + 15
    ("AC-SIGNED", "44", "24", "68"),
    ("AC-SIGNED-SHARE", "97.8", "100.0", "98.6"),  # 4400 / 45, 6800 / 69
    ("AC-CASES", "0", "0", "0"),
    ("AC-CHANNELS", "2", "1", "3"),
    ("AC-REPORTS", "1", "0", "1"),
    ("AC-SUBST", "0", "0", "0"),
    ("AC-TRAIN-PEOPLE", "44", "24", "68"),
    ("AC-TRAIN-HOURS", "75.5", "40.5", "116.0"),  # 3 × 2 + 16 × 2 + 25 × 1.5; 9 × 2 + 15 × 1.5
]


@pytest.fixture(scope="module")
def figures(demo: str) -> Computed:
    return figures_of("2020")


@pytest.mark.parametrize(("code", "hami", "baishan", "group"), OF_2020)
def test_figures_that_anybody_can_add_up(figures: Computed, code: str, hami: str, baishan: str, group: str) -> None:
    assert [figures[code, site].display for site in ("HAMI", "BAISHAN", "")] == [hami, baishan, group]


def test_the_three_directors_are_too_few_to_be_told_apart(figures: Computed) -> None:
    assert figures["AC-SIGNED-SHARE-DIRECTOR", "HAMI"].is_withheld


def test_people_stand_everywhere_in_the_round() -> None:
    states = dict(Duty.objects.order_by().values_list("user__username", "state"))
    assert states == {
        "director": "signed",
        "quality-hami": "signed",
        "buyer-baishan": "signed",
        "hr-baishan": "signed",
        "quality-baishan": "declined",
        "head-hami": "open",
        "buyer-hami": "open",
        "hr-hami": "open",
    }


def test_one_conflict_is_decided_and_names_a_supplier_and_the_other_names_a_colleague() -> None:
    waiting = Conflict.objects.undecided().get()
    assert [person.user.username for person in waiting.concerned.all()] == ["quality-baishan"]
    decided = Conflict.objects.exclude(pk=waiting.pk).get()
    assert [partner.code for partner in decided.partners.all()] == ["S-012"]
    assert decided.decisions.get().decided_by.username == "integrity-officer"


def test_what_was_signed_gives_its_digests() -> None:
    assert Declaration._default_manager.count() == 4
    assert all(len(read(declaration)) == 8 for declaration in Declaration._default_manager.all())
    assert list(digests.differences()) == []


def test_one_gift_is_handed_in_and_one_waits() -> None:
    assert Gift.objects.count() == 2
    assert Gift.objects.unsettled().get().item == "台历一本"
