"""Each figure of B7, worked by hand: a handful of lines and what must come out."""

from collections.abc import Callable

import pytest

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import declared, tables
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import Site
from tests.anti_corruption.yearly_records import (
    hand_in,
    put_channel,
    put_count,
    put_signed,
    put_training,
    take_over,
    whole_year,
)
from tests.factories import World

Example = Callable[[World], None]
EXAMPLES: dict[str, Example] = {}


def example(*codes: str) -> Callable[[Example], Example]:
    """Says which declarations an example is about."""

    def note(function: Example) -> Example:
        for code in codes:
            EXAMPLES[code] = function
        return function

    return note


def figure(world: World, code: str, site: Site | None = None) -> Figure:
    kpis = current_kpis().only(code)
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=Basis.ALL, kpis=kpis).of(code, site)


def printed(world: World, code: str, site: Site | None = None) -> tuple[str, str]:
    found = figure(world, code, site)
    return found.display, str(found.kpi.unit)


# Statements -----------------------------------------------------------------------------------------------------------


def a_year_of_statements(world: World) -> None:
    hami, baishan = whole_year(world.hami), whole_year(world.baishan)
    put_signed(hami, "director", 5, 5)
    put_signed(hami, "senior", 5, 5)
    put_signed(hami, "middle", 6, 5, paper=(4, 3))
    put_signed(hami, "key_post", 10, 9)
    put_signed(baishan, "director", 0, 0)
    put_signed(baishan, "senior", 5, 3)
    put_signed(baishan, "middle", 0, 0)
    put_signed(baishan, "key_post", 8, 8)


RANKS = ("DIRECTOR", "SENIOR", "MIDDLE", "KEY_POST")


@example("AC-DUE", *(f"AC-DUE-{rank}" for rank in RANKS))
def statements_due(world: World) -> None:
    a_year_of_statements(world)
    assert [printed(world, f"AC-DUE-{rank}")[0] for rank in RANKS] == ["5", "10", "10", "18"]
    assert printed(world, "AC-DUE") == ("43", "statements")
    assert printed(world, "AC-DUE", world.hami)[0] == "30"


@example("AC-PEOPLE", *(f"AC-PEOPLE-{rank}" for rank in RANKS))
def people_who_had_to_sign(world: World) -> None:
    a_year_of_statements(world)
    assert [printed(world, f"AC-PEOPLE-{rank}")[0] for rank in RANKS] == ["5", "10", "6", "18"]
    assert printed(world, "AC-PEOPLE") == ("39", "person")
    assert printed(world, "AC-PEOPLE", world.hami)[0] == "26"


@example("AC-SIGNED", *(f"AC-SIGNED-{rank}" for rank in RANKS))
def statements_signed(world: World) -> None:
    a_year_of_statements(world)
    assert [printed(world, f"AC-SIGNED-{rank}")[0] for rank in RANKS] == ["5", "8", "8", "17"]
    assert printed(world, "AC-SIGNED") == ("38", "statements")
    assert printed(world, "AC-SIGNED-MIDDLE", world.hami)[0] == "8"


@example("AC-SIGNED-SHARE", *(f"AC-SIGNED-SHARE-{rank}" for rank in RANKS))
def share_signed(world: World) -> None:
    a_year_of_statements(world)
    assert [printed(world, f"AC-SIGNED-SHARE-{rank}")[0] for rank in RANKS] == ["100.0", "80.0", "80.0", "94.4"]
    assert printed(world, "AC-SIGNED-SHARE") == ("88.4", "%")
    assert printed(world, "AC-SIGNED-SHARE", world.baishan)[0] == "84.6"


def test_who_signed_of_few_is_withheld_and_cannot_be_worked_out(integrity_world: World) -> None:
    """Two directors at Hami: what they did is printed nowhere, nor does it follow from the other ranks."""
    world = integrity_world
    hami, baishan = whole_year(world.hami), whole_year(world.baishan)
    for rank, due, signed in (("director", 2, 1), ("senior", 6, 6), ("middle", 9, 9), ("key_post", 20, 18)):
        put_signed(hami, rank, due, signed)
    for rank, due in (("director", 6), ("senior", 7), ("middle", 8), ("key_post", 9)):
        put_signed(baishan, rank, due, due)
    signed = figure(world, "AC-SIGNED-DIRECTOR", world.hami)
    assert signed.is_withheld and signed.value is None
    assert figure(world, "AC-SIGNED-SHARE-DIRECTOR", world.hami).value is None
    assert printed(world, "AC-DUE-DIRECTOR", world.hami)[0] == "2", "how many hold a rank is no secret"
    at_hami = [rank for rank in RANKS if figure(world, f"AC-SIGNED-{rank}", world.hami).is_withheld]
    assert len(at_hami) > 1, "one alone follows from the total"
    of_directors = [place for place in (world.hami, world.baishan, None) if directors_told(world, place)]
    assert len(of_directors) < 2, "two of site, site and group give the third"


def directors_told(world: World, place: Site | None) -> bool:
    return not figure(world, "AC-SIGNED-DIRECTOR", place).is_withheld


def test_two_people_asked_three_times_are_two(integrity_world: World) -> None:
    hami = whole_year(integrity_world.hami)
    put_signed(hami, "director", 6, 5, people=2)
    put_signed(hami, "key_post", 20, 18)
    assert printed(integrity_world, "AC-DUE-DIRECTOR", integrity_world.hami)[0] == "6"
    for code in ("AC-SIGNED-DIRECTOR", "AC-SIGNED-SHARE-DIRECTOR"):
        assert figure(integrity_world, code, integrity_world.hami).is_withheld, code


def test_large_numbers_add_up(integrity_world: World) -> None:
    """The portal's and the paper's together are more than a column of the database takes."""
    put_signed(whole_year(integrity_world.hami), "middle", 2_147_483_647, 2_147_483_647, paper=(100_000, 100_000))
    assert figure(integrity_world, "AC-DUE-MIDDLE").value == figure(integrity_world, "AC-SIGNED").value == 2_147_583_647


# Cases, conflicts, gifts ----------------------------------------------------------------------------------------------


def a_year_of_counts(world: World) -> None:
    hami, baishan = whole_year(world.hami), whole_year(world.baishan)
    for measure, here, there in (
        ("cases_convicted", 1, 0),
        ("cases_acquitted", 0, 1),
        ("cases_settled", 0, 0),
        ("cases_dismissed", 2, 0),
        ("conflicts_declared", 3, 0),
        ("conflicts_decided", 2, 0),
        ("gifts_registered", 5, 2),
        ("gifts_handed_in", 3, 1),
        ("gifts_returned", 1, 0),
    ):
        put_count(hami, measure, here)
        put_count(baishan, measure, there)


@example("AC-CASES", "AC-CASES-CONVICTED", "AC-CASES-ACQUITTED", "AC-CASES-SETTLED", "AC-CASES-DISMISSED")
def concluded_cases(world: World) -> None:
    a_year_of_counts(world)
    assert printed(world, "AC-CASES") == ("4", "case")
    assert printed(world, "AC-CASES", world.baishan)[0] == "1"
    ends = ("CONVICTED", "ACQUITTED", "SETTLED", "DISMISSED")
    assert [printed(world, f"AC-CASES-{end}")[0] for end in ends] == ["1", "1", "0", "2"]


@example("AC-CONFL-DECL", "AC-CONFL-DEC", "AC-GIFTS", "AC-GIFTS-IN", "AC-GIFTS-BACK")
def conflicts_and_gifts(world: World) -> None:
    a_year_of_counts(world)
    codes = ("CONFL-DECL", "CONFL-DEC", "GIFTS", "GIFTS-IN", "GIFTS-BACK")
    assert [printed(world, f"AC-{code}")[0] for code in codes] == ["3", "2", "7", "4", "1"]
    assert [printed(world, f"AC-{code}", world.baishan)[0] for code in codes] == ["0", "0", "2", "1", "0"]


def test_conflicts_and_gifts_of_few_are_withheld(integrity_world: World) -> None:
    """At Baishan one person signs: how many conflicts and gifts there are, is how many that person told."""
    world = integrity_world
    a_year_of_counts(world)
    put_signed(whole_year(world.hami), "key_post", 20, 20)
    put_signed(whole_year(world.baishan), "key_post", 3, 3, people=1)
    for code in ("CONFL-DECL", "CONFL-DEC", "GIFTS", "GIFTS-IN", "GIFTS-BACK"):
        assert figure(world, f"AC-{code}", world.baishan).is_withheld, code
        of_one = [place for place in (world.hami, None) if not figure(world, f"AC-{code}", place).is_withheld]
        assert len(of_one) < 2, "two of site, site and group give the third"
    assert printed(world, "AC-CASES", world.baishan)[0] == "1", "HKEX asks for the cases"


def test_no_case_is_a_stated_zero(integrity_world: World) -> None:
    assert figure(integrity_world, "AC-CASES").value is None
    take_over(whole_year(integrity_world.hami), integrity_world.clerk)
    assert printed(integrity_world, "AC-CASES", integrity_world.hami)[0] == "0"
    assert figure(integrity_world, "AC-CASES", integrity_world.baishan).value is None


# Channels and training ------------------------------------------------------------------------------------------------


@example("AC-CHANNELS", "AC-REPORTS", "AC-SUBST")
def channels(world: World) -> None:
    put_channel(whole_year(world.hami), "hotline", 2, 1)
    put_channel(whole_year(world.hami), "letterbox", 1)
    put_channel(whole_year(world.baishan), "letterbox")
    assert printed(world, "AC-CHANNELS") == ("3", "channels")
    assert printed(world, "AC-REPORTS") == ("3", "reports")
    assert printed(world, "AC-SUBST") == ("1", "reports")
    assert printed(world, "AC-REPORTS", world.baishan)[0] == "0"


AUDIENCES = ("DIRECTORS", "MANAGEMENT", "STAFF")


@example(
    "AC-TRAIN-PEOPLE",
    "AC-TRAIN-HOURS",
    "AC-TRAIN-AVG",
    *(f"AC-TRAIN-{what}-{audience}" for what in ("PEOPLE", "HOURS") for audience in AUDIENCES),
)
def training(world: World) -> None:
    hami, baishan = whole_year(world.hami), whole_year(world.baishan)
    put_training(hami, "directors", 5, "2")
    put_training(hami, "management", 20, "1.5")
    put_training(hami, "staff", 100, "0.5")
    put_training(baishan, "directors", 5, "3")
    assert [printed(world, f"AC-TRAIN-PEOPLE-{each}")[0] for each in AUDIENCES] == ["10", "20", "100"]
    assert [printed(world, f"AC-TRAIN-HOURS-{each}")[0] for each in AUDIENCES] == ["25.0", "30.0", "50.0"]
    assert printed(world, "AC-TRAIN-PEOPLE") == ("130", "person")
    assert printed(world, "AC-TRAIN-HOURS") == ("105.0", "h")
    assert printed(world, "AC-TRAIN-AVG") == ("0.81", "h/person")
    assert printed(world, "AC-TRAIN-AVG", world.baishan)[0] == "3.00"


def test_no_training_in_a_form_handed_in_is_a_zero(integrity_world: World) -> None:
    form = whole_year(integrity_world.hami)
    take_over(form, integrity_world.clerk)
    assert figure(integrity_world, "AC-TRAIN-PEOPLE").value is None
    hand_in(form, integrity_world.clerk)
    assert printed(integrity_world, "AC-TRAIN-PEOPLE", integrity_world.hami)[0] == "0"


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_worked_example(integrity_world: World, code: str) -> None:
    EXAMPLES[code](integrity_world)


def test_every_figure_has_its_example() -> None:
    assert {entry.code for entry in declared if entry.code.startswith("AC-")} == set(EXAMPLES)


def test_the_tables_print_every_figure(integrity_world: World) -> None:
    kpis = current_kpis()
    shown = {
        code
        for table in tables
        if table.code.startswith("B7-")
        for line in table.lines(kpis)
        for code in (line.total, line.density)
    }
    printed_ones = [entry for entry in declared if not getattr(entry, "is_part", False)]
    assert {entry.code for entry in printed_ones if entry.code.startswith("AC-")} == shown - {""}
