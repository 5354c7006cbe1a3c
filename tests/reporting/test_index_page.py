"""The index of a year for each edition of the guide, what blocks publishing, and the home of the report."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.reporting.index_page import index_page
from apps.reporting.models import StatementKind
from apps.submissions.models import Submission
from tests.by_hand import words
from tests.factories import AssignmentFactory, SiteFactory, World
from tests.published import mark_published
from tests.reporting.words import approved, load_guides, texts, year_of

SignIn = Callable[[User], Client]

EXPLAINED, NOT_APPLICABLE = StatementKind.EXPLANATION, StatementKind.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("code", "guide", "provision", "obligation", "explained_blocks"),
    [
        ("2019", "2016 edition", "B5.GD", "Comply or explain", False),
        ("2021", "2020 edition", "MDR-GOV-1", "Mandatory", True),
        ("2021", "2020 edition", "A4.GD", "Comply or explain", False),
        ("2025", "2025 edition", "D-28", "Mandatory", True),
        ("2025", "2025 edition", "MDR-RB", "Mandatory", True),
    ],
)
def test_each_edition_asks_in_its_own_way(
    world: World, sign_in: SignIn, code: str, guide: str, provision: str, obligation: str, explained_blocks: bool
) -> None:
    load_guides()
    year = year_of(code)
    before = index_page(year)
    line = next(line for line in before.lines if line.provision.code == provision)
    assert guide in str(before.guide)
    assert (line.status, line.provision.get_obligation_display(), line.blocks) == ("missing", obligation, True)
    approved(year, provision, world.reviewer, world.lead, texts("Because."), EXPLAINED)
    after = index_page(year)
    assert (line.provision.code in {each.provision.code for each in after.blocking}) is explained_blocks
    page = words(sign_in(world.auditor).get(reverse("reporting:year", args=[code]), {"show": "explained"}))
    assert "Explanation why it is not disclosed" in page and provision in page
    assert f"{len(after.blocking)} provisions still block publishing." in page


def test_figures_answer_what_asks_for_figures_and_words_the_rest(
    world: World, sign_in: SignIn, approve: Callable[..., Submission]
) -> None:
    load_guides()
    last = year_of("2019")
    for year in ("2019", "2020"):
        approve(world.submission(world.hami, 1, year), world.clerk, world.reviewer)
    approved(world.year, "A1.GD", world.reviewer, world.lead, texts("Policy."))
    approved(world.year, "B5.GD", world.reviewer, world.lead, texts("No suppliers."), NOT_APPLICABLE)
    # Words about what asks for figures do not stand for the figures.
    approved(world.year, "B1.1", world.reviewer, world.lead, texts("Many people."))
    found = {line.provision.code: line.status.value for line in index_page(world.year).lines}
    assert {code: found[code] for code in ("A1.3", "A1.GD", "B5.GD", "B1.1", "A3.GD")} == {
        "A1.3": "reported",
        "A1.GD": "reported",
        "B5.GD": "not_applicable",
        "B1.1": "missing",
        "A3.GD": "missing",
    }
    client = sign_in(world.reviewer)
    page = client.get(reverse("reporting:year", args=["2020"]))
    figure = reverse("indicators:figure", args=["2020", "ENV-WASTE-HAZ"])
    assert f'href="{figure}"' in page.content.decode()
    assert "Hazardous waste, total t 0.8 0.8 +0.0 %" in words(page)
    mark_published(last, world.lead)
    home = words(client.get(reverse("reporting:home")))
    assert "Published, edition 1" in home and "2016 edition" in home


def test_the_index_asks_the_same_number_of_questions_for_any_group(world: World, sign_in: SignIn) -> None:
    load_guides()
    client = sign_in(world.auditor)
    url = reverse("reporting:year", args=["2020"])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _number in range(4):
        AssignmentFactory(site=SiteFactory())
    approved(world.year, "A1.GD", world.reviewer, world.lead, texts("Policy."))
    approved(world.year, "A2.GD", world.reviewer, world.lead, texts("Policy."))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
    assert len(many) < 120


def test_the_report_is_closed_to_people_of_single_sites(world: World, sign_in: SignIn) -> None:
    load_guides()
    clerk = sign_in(world.clerk)
    assert clerk.get(reverse("reporting:home")).status_code == 403
    for name in ("year", "targets"):
        assert clerk.get(reverse(f"reporting:{name}", args=["2020"])).status_code == 404
    assert sign_in(world.auditor).get(reverse("reporting:year", args=["1999"])).status_code == 404
