"""Figures as the API gives them: the same numbers as the portal, in pages that nothing moves."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.organisation.models import Site
from apps.submissions import services as submissions
from apps.submissions.models import Submission
from tests.api.conftest import Program
from tests.api.published import publish
from tests.api.test_tokens import refused
from tests.factories import AssignmentFactory, MembershipFactory, SiteFactory, UserFactory, World

Act = Callable[..., Submission]
Programs = Callable[..., Program]


def test_figures_are_those_of_the_portal(world: World, program: Programs, approve: Act, fill_in: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    fill_in(world.submission(world.hami, 2), world.clerk)
    rows = {(row["site"], row["code"]): row for row in program(world.auditor).rows(year="2020", limit=7)}
    sites = list(Site.objects.all())
    live = compute(year=world.year, sites=sites)
    told = {(figure.site.code if figure.site else None, figure.kpi.code): figure for figure in live.rows(group=True)}
    assert set(rows) == set(told)
    for key, figure in told.items():
        assert (rows[key]["value"], rows[key]["display"]) == (figure.value_text, figure.display), key
    used = rows["HAMI", "ENV-RES-ELECTRICITY"]
    # 280.5 万kWh of January; February is not approved.
    assert (used["value"], used["display"], used["unit"]) == ("2805000", "2,805,000", "kWh")
    assert used["coverage"] == {"approved": 1, "expected": 12}
    assert (used["published"], used["differs"], used["basis"]) == (None, None, "approved")
    # 5,300 t over 2,000 t.
    assert Decimal(rows[None, "ENV-RES-COAL-D"]["value"]) == Decimal("2.65")
    empty = rows["BAISHAN", "ENV-RES-COAL"]
    assert (empty["value"], empty["display"], empty["reason"]) == (None, "–", "nothing approved yet")


def test_a_choice_narrows_the_rows(world: World, program: Programs) -> None:
    reader = program(world.auditor)
    assert {row["site"] for row in reader.rows(year="2020", level="group")} == {None}
    assert {row["site"] for row in reader.rows(year="2020", level="site")} == {"BAISHAN", "HAMI"}
    assert {row["code"] for row in reader.rows(year="2020", provision="A1.3", site="HAMI")} >= {
        "ENV-WASTE-HAZ",
        "ENV-WASTE-HAZ-D",
    }
    assert all("A1.3" in row["provisions"] for row in reader.rows(year="2020", provision="A1.3"))
    assert reader.rows(year="2020", code="NOTHING") == []
    title = {language: reader.read("figures", language, year="2020", code="ENV-OUTPUT")["items"][0]["title"]
             for language in ("en", "zh-CN", "zh-HK", "fr")}  # fmt: skip
    assert title["en"] == "Output of finished products"
    assert title["zh-CN"] == title["fr"] != title["zh-HK"] != title["en"]
    for parameters, status in (
        ({}, 422),
        ({"year": "1999"}, 404),
        ({"year": "2020", "limit": 501}, 422),
        ({"year": "2020", "limit": 0}, 422),
        ({"year": "2020", "basis": "all"}, 422),
        ({"year": "2020", "cursor": "WzFd"}, 422),
        ({"year": "2020", "cursor": "é"}, 422),
        ({"year": "2020", "basis": "published"}, 404),
    ):
        assert refused(reader.ask("figures", **parameters), status), parameters


def test_pages_hold_while_forms_are_approved_in_between(world: World, program: Programs, approve: Act) -> None:
    reader = program(world.auditor)
    before = [(row["site"], row["code"]) for row in reader.rows(year="2020", limit=500)]
    assert before == sorted(before, key=lambda key: (key[0] or "", key[1])) and len(set(before)) == len(before)
    pages = [reader.read("figures", year="2020", limit=9)]
    while pages[-1]["next"]:
        if len(pages) == 2:
            approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
        if len(pages) == 4:
            approve(world.submission(world.baishan, 1), world.other_clerk, world.reviewer)
        pages.append(reader.read(pages[-1]["next"]))
    assert [(row["site"], row["code"]) for page in pages for row in page["items"]] == before
    again = reader.read(pages[1]["next"])
    assert [row["code"] for row in again["items"]] == [row["code"] for row in pages[2]["items"]]


def test_withheld_figures_have_no_value_whoever_owns_the_token(small_site: World, program: Programs) -> None:
    for reader in (program(small_site.auditor), program(small_site.clerk, small_site.hami)):
        rows = reader.rows(year="2020", site="HAMI")
        withheld = {row["code"]: row for row in rows if row["is_withheld"]}
        assert {"WF-END-WOMEN", "WF-END-MEN", "WF-TRAINED-WOMEN", "WF-END-WOMEN-D"} <= set(withheld)
        assert {(row["value"], row["display"], row["reason"]) for row in withheld.values()} == {(None, "–", "withheld")}
    provisional: Any = program(small_site.auditor).ask("figures", year="2020", basis=Basis.ALL.value)
    refused(provisional, 422)


def test_published_figures_stay_and_tell_the_difference(world: World, program: Programs, approve: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    edition = publish(world.year)
    approve(world.submission(world.hami, 2), world.clerk, world.reviewer)
    reader = program(world.auditor)
    key = {"year": "2020", "code": "ENV-RES-COAL", "site": "HAMI"}
    (now,) = reader.rows(**key)
    assert (now["value"], now["differs"]) == ("10600", True)
    assert now["published"] == {"edition": 1, "value": "5300", "display": "5,300", "is_withheld": False}
    (then,) = reader.rows(**key, basis="published")
    assert (then["value"], then["differs"], then["title"], then["unit"]) == ("5300", False, now["title"], "t")
    assert then["coverage"] == {"approved": 1, "expected": 12}
    hami = program(world.auditor, world.hami)
    assert {row["site"] for row in hami.rows(year="2020", basis="published")} == {"HAMI"}
    everything = {(row["site"], row["code"]) for row in reader.rows(year="2020", basis="published")}
    live = reader.rows(year="2020")
    # Figures of forms that nobody hands in are in no edition.
    expected = {row["code"] for row in live if row["coverage"]["expected"]}
    assert everything == {(row["site"], row["code"]) for row in live if row["code"] in expected}
    # A site that came later has no figure in the edition, and says so.
    SiteFactory(code="LATER", name_en="Later")
    (later,) = reader.rows(year="2020", code="ENV-RES-COAL", site="LATER", basis="published")
    assert (later["value"], later["reason"], later["published"]) == (None, "not in this edition", None)
    # What anybody may check: the digest is that of the bytes.
    whole: Any = reader.ask("editions/2020/1/content")
    assert whole.content.decode() == edition.content


def test_a_page_costs_as_many_queries_for_sixty_sites_as_for_thirty(world: World, program: Programs) -> None:
    def cost(reader: Program, **parameters: Any) -> int:
        reader.read("figures", year="2020", limit=500, **parameters)
        with CaptureQueriesContext(connection) as queries:
            reader.read("figures", year="2020", limit=500, **parameters)
        return len(queries)

    def grow_to(number: int) -> None:
        for index in range(Site.objects.count(), number):
            AssignmentFactory(site=SiteFactory(code=f"SITE{index:02}", name_en=f"Site {index}"))
        submissions.match_assignments(world.year)

    grow_to(30)  # of a large group, which the database adds up
    owner = UserFactory(username="owner")
    MembershipFactory(user=owner, role="auditor")
    group, named = program(world.auditor), program(owner, *Site.objects.all())
    asked: list[tuple[Program, dict[str, Any]]] = [(group, {}), (group, {"code": "ENV-RES-COAL"}), (named, {})]
    few = [cost(reader, **parameters) for reader, parameters in asked]
    grow_to(60)
    many = [cost(reader, **parameters) for reader, parameters in asked]
    assert many == few
    assert max(many) <= 60
