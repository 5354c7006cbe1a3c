"""The reviewers' admin in a real browser: seen by axe in two languages, on a phone, and used to the end."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.audit.context import acting_as
from apps.environment.models import Resource
from apps.submissions import workflow
from apps.submissions.choices import State
from apps.submissions.entry import Cell
from apps.submissions.models import Comment, Submission
from tests.browser.conftest import Visitor
from tests.factories import EmissionLimitFactory, StackFactory, World

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
Act = Callable[..., Submission]
LIST = "admin:submissions_submission_changelist"


def review_of(submission: Submission) -> str:
    return reverse("admin:submissions_submission_change", args=[submission.pk])


@pytest.fixture
def lively(world: World, approve: Act, hand_in: Act, fill_in: Act) -> World:
    """January approved; February back a second time with an open question; March handed in; April in progress."""
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    twice = hand_in(world.submission(world.hami, 2), world.clerk)
    with acting_as(world.reviewer, "test"):
        workflow.send_back(
            submission_id=twice.pk,
            user=world.reviewer,
            comment="Please look at coal.",
            rows=[("resource:coal", "Where are the tickets?")],
        )
        Comment.objects.create(submission=twice, text="Thank you for the photos.", author=world.reviewer)
    hand_in(twice, world.clerk, {"resource:coal": Cell(value="5.1", unit="万t", how="estimated", note="Weighed twice")})
    hand_in(world.submission(world.hami, 3), world.clerk)
    fill_in(world.submission(world.hami, 4), world.clerk)
    EmissionLimitFactory(stack=StackFactory(site=world.hami), stack_type="", limit_mg_m3=None)
    return world


def pages(world: World) -> list[str]:
    months = [world.submission(world.hami, month) for month in (1, 2, 3)]
    return [
        reverse("admin:index") + "?year=2020",
        reverse(LIST) + "?state=submitted",
        *(review_of(submission) for submission in months),
        reverse("admin:environment_resource_change", args=[Resource.objects.get(code="coal").pk]),
        reverse("admin:environment_emissionlimit_changelist"),
        reverse("admin:environment_emissionlimit_add"),
        reverse("admin:audit_change_changelist"),
        reverse("admin:accounts_user_change", args=[world.clerk.pk]),
        reverse("admin:organisation_reportingyear_change", args=[world.year.pk]),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing(lively: World, visit: Visit, language: str) -> None:
    found = []
    for user in (lively.reviewer, lively.administrator):
        window = visit(user, language=language)
        for path in pages(lively):
            window.open(path)
            found += window.violations()
    assert found == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_on_the_page_that_asks_before_doing(lively: World, visit: Visit, language: str) -> None:
    window = visit(lively.reviewer, language=language)
    for action in ("approve_selected", "send_back_selected"):
        page = window.open(reverse(LIST))
        for box in page.locator("input.action-select").all()[:12]:
            box.check()
        page.select_option("select[name=action]", action)
        page.click("button[name=index]")
        expect(page.locator("ul.outcomes").first).to_be_visible()
        assert window.violations() == []
        assert window.overflow() == 0


def test_nothing_is_wider_than_a_phone(lively: World, visit: Visit) -> None:
    window = visit(lively.administrator, width=360)
    wide = {}
    for path in pages(lively):
        window.open(path)
        wide[path] = window.overflow()
    assert {path: pixels for path, pixels in wide.items() if pixels} == {}


def test_a_month_is_approved_and_the_next_one_opens(lively: World, visit: Visit) -> None:
    window = visit(lively.reviewer, language="en")
    page = window.open(reverse("admin:index") + "?year=2020")
    page.click("text=Hami · February 2020")
    expect(page.locator("h1")).to_contain_text("February 2020")
    # What changed since it was sent back is marked, with what stood there.
    coal = page.locator('[id="row-resource:coal"]')
    expect(coal).to_contain_text("Changed since")
    expect(coal).to_contain_text("It was: 5,300 t, Invoiced")
    expect(coal).to_contain_text("51,000 5.1 万t · Estimated")
    # An open question holds the approval back.
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.click("text=Settle this question")
    page.click(".decision-bar >> text=Approve")
    expect(page.locator("h1")).to_contain_text("March 2020")
    expect(page.locator(".messages")).to_contain_text("Approved: Environment · Hami · February 2020")
    assert lively.submission(lively.hami, 2).state == State.APPROVED


def test_a_ticked_row_asks_for_its_reason(lively: World, visit: Visit) -> None:
    window = visit(lively.reviewer, language="en")
    march = lively.submission(lively.hami, 3)
    page = window.open(review_of(march))
    reason = page.locator('[id="reason-resource:diesel"]')
    expect(reason).to_be_hidden()
    page.get_by_label("Send back: Diesel").check()
    expect(reason).to_be_visible()
    assert window.violations() == []
    page.click(".decision-bar >> text=Send back")
    expect(page.get_by_role("alert")).to_contain_text("Say why it goes back")
    expect(page.get_by_role("alert")).to_contain_text("Diesel: say what is wrong with this row.")
    assert window.violations() == []
    reason.fill("The tank was filled twice.")
    page.fill("#decision-comment", "Diesel only.")
    page.click(".decision-bar >> text=Send back")
    expect(page.locator(".messages")).to_contain_text("Sent back")
    assert march.comments.get().text == "The tank was filled twice."


def test_the_keyboard_reaches_the_decision(lively: World, visit: Visit) -> None:
    window = visit(lively.reviewer, language="en")
    page = window.open(review_of(lively.submission(lively.hami, 3)))
    window.tab_to("#decision-comment")
    page.keyboard.type("Fine.")
    window.tab_to("button.button--primary")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Approved")


def test_a_site_is_added_to_a_catalogue_row(lively: World, visit: Visit) -> None:
    """With the scripts of Django's own forms, under the policy that allows no inline ones."""
    window = visit(lively.administrator, language="en")
    electricity = Resource.objects.get(code="electricity")
    electricity.at_sites.filter(site=lively.baishan).delete()
    page = window.open(reverse("admin:environment_resource_change", args=[electricity.pk]))
    page.click("text=Add another")
    page.select_option("select[name=at_sites-2-site]", label="Baishan")
    page.fill("input[name=at_sites-2-valid_from]", "2020-02-01")
    page.click("input[name=_save]")
    expect(page.locator(".messages")).to_be_visible()
    assert electricity.at_sites.filter(site=lively.baishan).count() == 1


def test_the_language_is_chosen_in_the_admin_too(lively: World, visit: Visit) -> None:
    window = visit(lively.reviewer, language="en")
    page = window.open(reverse(LIST))
    page.click(".site-header__tools button[value=zh-hans]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.url.endswith(reverse(LIST))
