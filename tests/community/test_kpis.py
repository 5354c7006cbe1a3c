"""Each figure of B8, worked by hand: a handful of records at two sites and what must come out."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.declarations import declared
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import Site
from tests.by_hand import words
from tests.community.records import (
    approve,
    hand_in,
    month,
    put_arrangement,
    put_contribution,
    put_hiring,
    put_rate,
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


def figure(world: World, code: str, site: Site | None = None, basis: Basis = Basis.ALL) -> Figure:
    kpis = current_kpis().only(code)
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=basis, kpis=kpis).of(code, site)


def printed(world: World, code: str, site: Site | None = None) -> tuple[str, str]:
    found = figure(world, code, site)
    return found.display, str(found.kpi.unit)


# B8.1, B8.2 -----------------------------------------------------------------------------------------------------------


def a_year_of_giving(world: World) -> None:
    """Hami: 20,000 for households, goods and 40.5 hours for them, goods for a school. Baishan: HKD 10,000.55 at 0.9
    for a school, an evening of 30 hours.
    """
    put_contribution(month(world.hami, 1), 20_000, area="disadvantaged", beneficiaries=60)
    put_contribution(month(world.hami, 12), None, "1200", "40.5", 8, area="disadvantaged")
    put_contribution(month(world.hami, 9), None, "5000.25", area="education")
    put_rate("0.9", "2020-09-01", "HKD")
    put_contribution(month(world.baishan, 9), "10000.55", area="education", currency="HKD")
    put_contribution(month(world.baishan, 10), hours="30", people=12, area="culture", beneficiaries=150)


@example("CI-CONTRIB", "CI-AREA-*", "CI-AREAS")
def areas(world: World) -> None:
    a_year_of_giving(world)
    assert printed(world, "CI-CONTRIB") == ("5", "contributions")
    assert [printed(world, "CI-CONTRIB", site)[0] for site in (world.hami, world.baishan)] == ["3", "2"]
    codes = ("EDUCATION", "DISADVANTAGED", "CULTURE")
    assert [printed(world, f"CI-AREA-{code}")[0] for code in codes] == ["2", "2", "1"]
    assert printed(world, "CI-AREAS") == ("3", "areas")
    assert [printed(world, "CI-AREAS", site)[0] for site in (world.hami, world.baishan)] == ["2", "2"]


@example("CI-MONEY", "CI-GOODS", "CI-GIVEN", "CI-GIVEN-*")
def money_and_goods(world: World) -> None:
    a_year_of_giving(world)
    assert printed(world, "CI-MONEY") == ("29,000.50", "CNY")
    assert printed(world, "CI-MONEY", world.baishan) == ("9,000.50", "CNY")
    assert printed(world, "CI-GOODS") == ("6,200.25", "CNY")
    assert printed(world, "CI-GIVEN") == ("35,200.75", "CNY")
    codes = ("EDUCATION", "DISADVANTAGED")
    assert [printed(world, f"CI-GIVEN-{code}")[0] for code in codes] == ["14,000.75", "21,200.00"]
    assert figure(world, "CI-GIVEN").gaps == 0


@example("CI-HOURS", "CI-HOURS-*", "CI-TURNS", "CI-REACHED")
def time(world: World) -> None:
    a_year_of_giving(world)
    assert printed(world, "CI-HOURS") == ("70.5", "h")
    assert printed(world, "CI-HOURS-DISADVANTAGED") == ("40.5", "h")
    assert printed(world, "CI-HOURS-CULTURE", world.baishan) == ("30.0", "h")
    assert printed(world, "CI-TURNS") == ("20", "turns")
    assert printed(world, "CI-REACHED") == ("210", "person")
    assert printed(world, "CI-REACHED", world.hami) == ("60", "person")


def test_nothing_given_in_a_month_handed_in_is_a_zero(community_world: World) -> None:
    codes = ("CI-MONEY", "CI-GIVEN-CULTURE", "CI-HOURS", "CI-TURNS", "CI-CONTRIB", "CI-AREAS")
    assert [figure(community_world, code).value for code in codes] == [None] * 6
    hand_in(month(community_world.hami, 3), community_world.clerk)
    assert [figure(community_world, code, community_world.hami).value for code in codes] == [0] * 6
    assert figure(community_world, "CI-MONEY", community_world.baishan).value is None


def test_nobody_reached_is_said_only_by_who_states_it(community_world: World) -> None:
    world = community_world
    put_contribution(month(world.hami, 3), 100)
    put_contribution(month(world.baishan, 3), 100)
    hand_in(month(world.hami, 3), world.clerk)
    places = (world.hami, world.baishan, None)
    assert [printed(world, "CI-REACHED", place)[0] for place in places] == ["–", "–", "–"]
    put_contribution(month(world.hami, 4), 100, beneficiaries=0)
    assert [printed(world, "CI-REACHED", place)[0] for place in places] == ["0", "–", "0"]


def test_only_approved_months_count_in_the_report(community_world: World) -> None:
    world = community_world
    put_contribution(month(world.hami, 3), 100)
    put_contribution(month(world.hami, 4), 200)
    approve(month(world.hami, 3), world.clerk, world.reviewer)
    assert figure(world, "CI-MONEY", basis=Basis.APPROVED).value == 100
    assert figure(world, "CI-MONEY").value == 300


# Local hiring ---------------------------------------------------------------------------------------------------------


def a_year_of_hiring(world: World) -> None:
    for site, values in ((world.hami, (52, 29, 18, 41, 492, 3)), (world.baishan, (22, 20, 9, 26, 234, 2))):
        codes = ("hires", "local_hires", "surplus_labour", "farm_leave_people", "farm_leave_days", "job_fairs")
        for code, value in zip(codes, values, strict=True):
            put_hiring(whole_year(site), code, value)


@example("CI-HIRES", "CI-LOCAL", "CI-LOCAL-SHARE", "CI-SURPLUS", "CI-SURPLUS-SHARE")
def hires(world: World) -> None:
    a_year_of_hiring(world)
    assert [printed(world, f"CI-{code}") for code in ("HIRES", "LOCAL", "SURPLUS")] == [
        ("74", "person"), ("49", "person"), ("27", "person"),
    ]  # fmt: skip
    assert printed(world, "CI-LOCAL-SHARE") == ("66.2", "%")
    assert printed(world, "CI-SURPLUS-SHARE") == ("36.5", "%")
    # 55.8 and 90.9 at the sites; their mean would be 73.3.
    assert [printed(world, "CI-LOCAL-SHARE", site)[0] for site in (world.hami, world.baishan)] == ["55.8", "90.9"]


@example("CI-FARM-PEOPLE", "CI-FARM-DAYS", "CI-ITEM-*")
def farm_leave(world: World) -> None:
    a_year_of_hiring(world)
    assert printed(world, "CI-FARM-PEOPLE") == ("67", "person")
    assert printed(world, "CI-FARM-DAYS") == ("726", "day")
    assert printed(world, "CI-ITEM-JOB_FAIRS") == ("5", "times")
    assert "CI-ITEM-HIRES" not in current_kpis()


@example("CI-ARRANGED")
def arrangements(world: World) -> None:
    put_arrangement(whole_year(world.hami))
    put_arrangement(whole_year(world.hami), "Bus to the villages")
    put_arrangement(whole_year(world.baishan))
    assert printed(world, "CI-ARRANGED") == ("3", "arrangements")


def test_a_year_without_hires_has_no_share(community_world: World) -> None:
    for code in ("hires", "local_hires", "surplus_labour"):
        put_hiring(whole_year(community_world.hami), code, 0)
    assert printed(community_world, "CI-HIRES", community_world.hami) == ("0", "person")
    assert figure(community_world, "CI-LOCAL-SHARE", community_world.hami).value is None


def test_the_tables_of_the_year_show_what_there_is(community_world: World, sign_in: Callable[[User], Client]) -> None:
    """Areas nobody gave for have no line."""
    a_year_of_giving(community_world)
    a_year_of_hiring(community_world)
    page = words(sign_in(community_world.auditor).get(f"{reverse('indicators:year', args=['2020'])}?basis=all"))
    areas, rest = page.split("B8.1 Contributions by focus area", 1)[1].split("B8.2 Money and goods by focus area", 1)
    assert re.findall(r"(?:Education|Culture|Disadvantaged groups|Sport|Health|Other) ", areas) == [
        "Education ", "Culture ", "Disadvantaged groups ",
    ]  # fmt: skip
    assert "14,000.75" in rest and "35,200.75" in rest
    hiring = rest.split("B8 Local hiring", 1)[1]
    for text in ("Hires from the site's region", "49", "66.2", "Local job fairs held or attended"):
        assert text in hiring.replace("&#x27;", "'")


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_worked_example(community_world: World, code: str) -> None:
    EXAMPLES[code](community_world)


def test_every_figure_has_its_example() -> None:
    assert {entry.code for entry in declared if entry.code.startswith("CI-")} == set(EXAMPLES)
