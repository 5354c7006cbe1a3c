"""The HR clerk's pages in a real browser: the breakdown with the keyboard alone, a case over two months, a phone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.submissions.choices import State
from apps.submissions.models import Submission
from apps.workforce.models import Injury, WorkforceCount
from tests.browser.conftest import Visitor
from tests.factories import World
from tests.workforce.conftest import workforce_world

pytestmark = pytest.mark.browser

__all__ = ["workforce_world"]

Visit = Callable[..., Visitor]

MEASURES = ("year_end", "year_start", "hired", "leavers", "trained", "training_hours")
# 200 people in every dimension; hired is asked by gender alone.
PEOPLE = {
    "women": (80, 90, 14, 24, 60, 1000),
    "men": (120, 110, 26, 16, 90, 1500),
    "full_time": (190, 190, None, 38, 145, 2400),
    "part_time": (10, 10, None, 2, 5, 100),
    "dispatched": (12, 12, None, 3, 0, 0),
    "interns": (0, 0, None, 0, 0, 0),
    "below_30": (50, 60, None, 20, 40, 600),
    "from_30_to_50": (110, 100, None, 15, 85, 1500),
    "above_50": (40, 40, None, 5, 25, 400),
    "local": (104, 100, None, 20, 80, 1300),
    "other_mainland": (90, 94, None, 19, 66, 1150),
    "hong_kong": (0, 0, None, 0, 0, 0),
    "elsewhere": (6, 6, None, 1, 4, 50),
    "senior": (6, 6, None, 0, 6, 60),
    "middle": (24, 24, None, 4, 24, 440),
    "general": (170, 170, None, 36, 120, 2000),
}


def form_of(world: World, section: str, period: str = "2020") -> Submission:
    return Submission.objects.get(site=world.hami, section=section, period__code=period)


def open_form(visitor: Visitor, submission: Submission) -> Page:
    return visitor.open(reverse("submissions:edit", args=[submission.pk]))


def cell(page: Page, measure: str, group: str) -> str:
    return f'[id="headcount:{measure}/{group}:value"]'


def sum_of(page: Page, dimension: str, measure: str) -> str:
    return page.locator(f'output[data-sum="{dimension}"][data-of="{measure}"]').inner_text()


def test_the_breakdown_is_typed_and_handed_in_with_the_keyboard_alone(workforce_world: World, visit: Visit) -> None:
    form = form_of(workforce_world, "workforce")
    visitor = visit(workforce_world.clerk)
    page = open_form(visitor, form)
    visitor.tab_to(cell(page, "year_end", "women"))
    # Across with Tab; the lines below each other, past the words that close each dimension.
    for group, numbers in PEOPLE.items():
        for measure, number in zip(MEASURES, numbers, strict=True):
            if number is None:
                continue
            if not page.evaluate("wanted => document.activeElement.matches(wanted)", cell(page, measure, group)):
                visitor.tab_to(cell(page, measure, group), most=12)
            page.keyboard.type("7" if (group, measure) == ("men", "year_end") else str(number))
    assert sum_of(page, "gender", "year_end") == "87"
    assert "113" in sum_of(page, "age_group", "year_end")

    page.focus(cell(page, "year_end", "men"))
    page.keyboard.press("Control+a")
    page.keyboard.type("120")
    assert sum_of(page, "gender", "year_end") == "200"
    assert "✓" in sum_of(page, "category", "year_end")
    visitor.tab_to("button[name=go_on]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('submissions:submit', args=[form.pk])}")
    visitor.tab_to("main form button")
    page.keyboard.press("Enter")
    page.wait_for_url(visitor.base_url + reverse("submissions:my_work"))

    form.refresh_from_db()
    assert form.state == State.SUBMITTED
    asked = sum(number is not None for numbers in PEOPLE.values() for number in numbers)
    assert WorkforceCount.objects.filter(submission=form).count() == asked == 82


def test_arrows_lead_through_the_matrix_and_a_block_is_pasted(workforce_world: World, visit: Visit) -> None:
    page = open_form(visit(workforce_world.clerk), form_of(workforce_world, "workforce"))
    page.focus(cell(page, "year_end", "women"))
    for key, there in (
        ("ArrowDown", ("year_end", "men")),
        ("ArrowRight", ("year_start", "men")),
        ("ArrowUp", ("year_start", "women")),
        ("ArrowLeft", ("year_end", "women")),
        ("Enter", ("year_end", "men")),
    ):
        page.keyboard.press(key)
        expect(page.locator(cell(page, *there))).to_be_focused()
    page.focus(cell(page, "year_end", "women"))
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        "80\t90\t14\n120\t110\t26\n",
    )
    expect(page.locator(cell(page, "hired", "men"))).to_have_value("26")
    assert sum_of(page, "gender", "year_start") == "200"


def test_a_missing_value_says_why_and_a_number_makes_it_a_value_again(workforce_world: World, visit: Visit) -> None:
    form = form_of(workforce_world, "workforce")
    page = open_form(visit(workforce_world.clerk), form)
    page.click(".crosstab__details summary >> nth=0")
    page.select_option('[id="headcount:trained/women:how"]', "not_available_yet")
    page.fill('[id="headcount:trained/women:note"]', "培训台账月底汇总")
    page.click("button[name=save]")
    page.wait_for_load_state()
    record = WorkforceCount.objects.get(submission=form)
    assert (record.state, record.note) == ("not_available_yet", "培训台账月底汇总")

    page.fill(cell(page, "trained", "women"), "60")
    expect(page.locator('[id="headcount:trained/women:how"]')).to_have_value("recorded")


def test_an_open_case_is_asked_for_in_the_next_month(workforce_world: World, visit: Visit) -> None:
    visitor = visit(workforce_world.clerk)
    page = open_form(visitor, form_of(workforce_world, "safety_training", "2020-03"))
    page.fill("#id_injury-0-case_number", "HM-2020-01")
    page.fill("#id_injury-0-happened_on", "2020-03-20")
    page.select_option("#id_injury-0-accident_type", label="机械伤害")
    page.select_option("#id_injury-0-severity", "minor")
    page.select_option("#id_injury-0-is_commuting", "no")
    page.fill("#id_injury-0-days_lost", "12")
    page.select_option("#id_injury-0-outcome", "absent")
    page.click("button[name=save]")
    # 21 to 31 March are eleven days.
    expect(page.locator("#id_injury-0-days_lost_error")).to_contain_text("11")
    page.fill("#id_injury-0-days_lost", "8")
    page.click("button[name=save]")
    page.wait_for_load_state()
    assert Injury.objects.get().days_lost == 8

    page = open_form(visitor, form_of(workforce_world, "safety_training", "2020-04"))
    expect(page.locator(".finding--error")).to_contain_text("HM-2020-01")
    page.select_option("#id_injury_follow_up-0-case", index=1)
    page.select_option("#id_injury_follow_up-0-severity", "minor")
    page.fill("#id_injury_follow_up-0-days_lost", "4")
    page.select_option("#id_injury_follow_up-0-outcome", "returned")
    page.fill("#id_injury_follow_up-0-returned_on", "2020-04-08")
    page.click("button[name=save]")
    page.wait_for_load_state()
    expect(page.locator(".finding--error")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_scrolled_sideways(workforce_world: World, visit: Visit, width: int) -> None:
    world = workforce_world
    visitor = visit(world.clerk, width=width)
    wrong: list[str] = []
    for section, period in (("workforce", "2020"), ("safety_training", "2020-03"), ("labour_standards", "2020")):
        open_form(visitor, form_of(world, section, period))
        wrong += visitor.violations()
        assert visitor.overflow() <= 0, section
    page = open_form(visitor, form_of(world, "workforce"))
    page.fill(cell(page, "year_end", "women"), "2.5")
    page.click(".crosstab__details summary >> nth=0")
    page.click("button[name=save]")
    expect(page.locator("#errors-title")).to_be_visible()
    wrong += visitor.violations()
    visitor.open(reverse("workforce:roster", args=[form_of(world, "workforce").pk]))
    wrong += visitor.violations()
    assert visitor.overflow() <= 0
    assert wrong == []


def test_a_reviewer_reads_the_breakdown_at_a_glance(workforce_world: World, visit: Visit) -> None:
    form = form_of(workforce_world, "workforce")
    visitor = visit(workforce_world.reviewer, language="en")
    page = visitor.open(reverse("admin:submissions_submission_change", args=[form.pk]))
    expect(page.locator(".crosstab thead")).to_contain_text("Training hours")
    assert visitor.violations() == []
