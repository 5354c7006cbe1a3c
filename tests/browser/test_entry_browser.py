"""The staff pages in a real browser: with the keyboard alone, on a phone, with a screen reader's eyes."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.audit.context import acting_as
from apps.submissions import workflow
from apps.submissions.choices import State
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.submissions.sheets import load_sheet
from tests.browser.conftest import Visitor
from tests.factories import PollutantFactory, ResourceFactory, StackFactory, World

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
Act = Callable[..., Submission]


def entry_of(submission: Submission) -> str:
    return reverse("submissions:edit", args=[submission.pk])


def expect_value(page: Page, row: str, value: str) -> None:
    expect(page.locator(f'[id="{row}:value"]')).to_have_value(value)


def stored_drafts(page: Page) -> int:
    return int(page.evaluate("Object.keys(sessionStorage).length"))


@pytest.fixture
def lively(world: World, approve: Act, hand_in: Act, fill_in: Act) -> World:
    """January approved, February sent back with a question, March half done with a warning, April handed in."""
    StackFactory(code="kiln", site=world.hami)
    PollutantFactory(code="dust")
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    hand_in(world.submission(world.hami, 4), world.clerk)
    returned = hand_in(world.submission(world.hami, 2), world.clerk)
    with acting_as(world.reviewer, "test"):
        workflow.send_back(
            submission_id=returned.pk,
            user=world.reviewer,
            comment="Please look at coal.",
            rows=[("resource:coal", "Where are the tickets?"), ("", "And in general?")],
        )
    fill_in(world.submission(world.hami, 3), world.clerk, {"resource:coal": Cell(value="106000", unit="t")})
    return world


def staff_pages(world: World) -> list[str]:
    months = [world.submission(world.hami, month) for month in (1, 2, 3, 4)]
    return [
        reverse("submissions:my_work"),
        reverse("submissions:list"),
        *(entry_of(submission) for submission in months),
        f"{entry_of(months[2])}?choose=waste",
        reverse("submissions:submit", args=[months[2].pk]),
        reverse("submissions:history", args=[months[1].pk]),
        reverse("account_change_password"),
        reverse("account_logout"),
        entry_of(world.submission(world.baishan, 1)),  # answers 404
    ]


def test_axe_finds_nothing_on_any_staff_page(lively: World, visit: Visit) -> None:
    visitor = visit()
    visitor.open(reverse("account_login"))
    found = visitor.violations()
    visitor.sign_in(lively.clerk)
    for path in staff_pages(lively):
        visitor.open(path)
        found += visitor.violations()
    # The page of a save that went wrong, and the menu opened.
    page = visitor.open(entry_of(lively.submission(lively.hami, 3)))
    page.fill('[id="resource:diesel:value"]', "forty")
    page.click("button[name=save]")
    expect(page.locator("#errors-title")).to_be_visible()
    page.click(".person-menu summary")
    found += visitor.violations()
    assert found == []


@pytest.mark.parametrize("width", [360, 768, 1100])
def test_nothing_is_scrolled_sideways(lively: World, visit: Visit, width: int) -> None:
    visitor = visit(width=width)
    visitor.open(reverse("account_login"))
    wide = {"login": visitor.overflow()}
    visitor.sign_in(lively.clerk)
    for path in staff_pages(lively):
        visitor.open(path)
        wide[path] = visitor.overflow()
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


def test_the_menu_of_a_phone_leads_everywhere(world: World, visit: Visit) -> None:
    visitor = visit(world.clerk, width=360)
    page = visitor.page
    page.click(".site-menu summary")
    page.click(f'.site-menu a[href="{reverse("submissions:list")}"]')
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith(reverse("submissions:list"))


def test_a_month_is_entered_and_handed_in_with_the_keyboard_alone(world: World, visit: Visit) -> None:
    march = world.submission(world.hami, 3)
    visitor = visit()
    page = visitor.open(reverse("account_login"))
    keyboard = page.keyboard
    visitor.tab_to("#id_login")
    keyboard.type(world.clerk.username)
    visitor.tab_to("#id_password")
    keyboard.type("a long enough password 7")
    keyboard.press("Enter")
    page.wait_for_url(visitor.base_url + reverse("submissions:my_work"))
    visitor.tab_to(f'a[href^="{entry_of(march)}"]')
    keyboard.press("Enter")
    page.wait_for_url(f"**{entry_of(march)}*")

    expect(page.locator('[id="production:magnesium:value"]')).to_be_focused()
    for typed in ("2000", "2805000", "40", "5300", "0.8"):
        keyboard.type(typed)
        keyboard.press("Enter")
    keyboard.type("0.7")
    expect_value(page, "packaging:wrap", "0.7")
    visitor.tab_to('[id="nothing:stack_test"]')
    keyboard.press("Space")
    visitor.tab_to("button[name=go_on]")
    keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('submissions:submit', args=[march.pk])}")
    visitor.tab_to("main form button")
    keyboard.press("Enter")
    page.wait_for_url(visitor.base_url + reverse("submissions:my_work"))

    march.refresh_from_db()
    assert march.state == State.SUBMITTED
    record = load_sheet(march).rows["resource:electricity"].record
    assert record is not None
    assert record.quantity == 2_805_000


def test_enter_arrows_and_escape_in_the_value_column(world: World, visit: Visit, fill_in: Act) -> None:
    march = fill_in(world.submission(world.hami, 3), world.clerk)
    page = visit(world.clerk).open(entry_of(march))
    coal = page.locator('[id="resource:coal:value"]')
    coal.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator('[id="resource:diesel:value"]')).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(page.locator('[id="resource:electricity:value"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(coal).to_be_focused()
    page.keyboard.type("9")
    expect(coal).to_have_value("9")
    page.keyboard.press("Escape")
    expect(coal).to_have_value("5,300")
    expect(page.locator("#unsaved")).to_be_hidden()


def test_the_change_follows_value_and_unit(world: World, visit: Visit, approve: Act) -> None:
    approve(world.submission(world.hami, 2), world.clerk, world.reviewer)
    page = visit(world.clerk).open(entry_of(world.submission(world.hami, 3)))
    row = page.locator('tr[id="row-resource:electricity"]')
    expect(row.locator("[data-column=unit]")).to_have_value("万kWh")  # the unit of last time
    row.locator("[data-column=value]").fill("３０８．５５")
    expect(row.locator("[data-change]")).to_have_text("+10.0 %")
    expect(row.locator("[data-canonical]")).to_have_text("= 3,085,500 kWh")
    row.locator("[data-column=unit]").select_option("kWh")
    expect(row.locator("[data-change]")).to_have_text("-100.0 %")


def test_a_number_over_a_reason_is_a_value_again(world: World, visit: Visit, fill_in: Act) -> None:
    cells = {"resource:coal": Cell(how="not_measured", note="The scale was broken.")}
    march = fill_in(world.submission(world.hami, 3), world.clerk, cells)
    page = visit(world.clerk).open(entry_of(march))
    expect(page.locator('[id="resource:coal:how"]')).to_have_value("not_measured")
    page.fill('[id="resource:coal:value"]', "5300")
    expect(page.locator('[id="resource:coal:how"]')).to_have_value("metered")


def test_a_block_from_a_spreadsheet_fills_rows_and_columns(world: World, visit: Visit) -> None:
    march = world.submission(world.hami, 3)
    visitor = visit(world.clerk)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.open(entry_of(march))
    block = "280.5\t万度\t计量\tmeter 3\n40\tL\n5,300\t吨\t\t\n\t\n0.7\tfurlong\n"
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    page.locator('[id="resource:electricity:value"]').focus()
    page.keyboard.press("Control+V")
    expect_value(page, "resource:electricity", "280.5")
    expect(page.locator('[id="resource:electricity:unit"]')).to_have_value("万kWh")
    expect(page.locator('[id="resource:electricity:note"]')).to_have_value("meter 3")
    expect_value(page, "resource:diesel", "40")
    expect_value(page, "resource:coal", "5,300")
    expect_value(page, "packaging:wrap", "0.7")
    expect(page.locator("#report")).to_contain_text("furlong")
    page.click("button[name=save]")
    expect(page.locator(".message--success")).to_be_visible()
    record = load_sheet(march).rows["resource:electricity"].record
    assert record is not None
    assert (record.quantity, record.note) == (2_805_000, "meter 3")


def test_what_was_typed_survives_a_reload_and_leaves_with_its_person(world: World, visit: Visit) -> None:
    march = world.submission(world.hami, 3)
    visitor = visit(world.clerk)
    page = visitor.open(entry_of(march))
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill('[id="resource:coal:value"]', "5300")
    expect(page.locator("#unsaved")).to_be_visible()
    page.reload()
    expect(page.locator("#draft")).to_be_visible()
    expect_value(page, "resource:coal", "")
    page.click("#draft-restore")
    expect_value(page, "resource:coal", "5300")
    page.click("button[name=save]")
    expect(page.locator(".message--success")).to_be_visible()
    # The button appears once the script has done its work.
    expect(page.locator("[data-adds-line=measure]")).to_be_visible()
    expect(page.locator("#draft")).to_be_hidden()
    assert stored_drafts(page) == 0

    page.fill('[id="resource:coal:value"]', "5400")
    expect(page.locator("#unsaved")).to_be_visible()
    page.click(".person-menu summary")
    page.click(".person-menu [data-signs-out] button")
    page.wait_for_url("**/accounts/login/*")
    assert stored_drafts(page) == 0


def test_attaching_a_file_does_not_cost_what_was_typed(world: World, visit: Visit) -> None:
    march = world.submission(world.hami, 3)
    page = visit(world.clerk).open(entry_of(march))
    page.fill('[id="resource:coal:value"]', "5300")
    page.click('[data-evidence-of="resource:coal"]')
    expect(page.locator("#evidence-row")).to_have_value("resource:coal")
    page.set_input_files("#evidence-file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.click(".upload button")
    expect(page.locator("#evidence tbody tr")).to_have_count(1)
    expect_value(page, "resource:coal", "5300")
    expect(page.locator("#unsaved")).to_be_visible()


def test_another_line_of_a_register_without_saving_in_between(lively: World, visit: Visit) -> None:
    may = lively.submission(lively.hami, 5)
    page = visit(lively.clerk).open(entry_of(may))
    page.click("[data-adds-line=measure]")
    for line, what in enumerate(("New burner", "Closed loop")):
        page.select_option(f"#id_measure-{line}-kind", "energy")
        page.fill(f"#id_measure-{line}-description", what)
        page.fill(f"#id_measure-{line}-since", "2020-05-01")
    page.click("button[name=save]")
    expect(page.locator(".message--success")).to_be_visible()
    assert len(load_sheet(may).entries["measure"]) == 2


def test_everything_works_without_javascript(world: World, visit: Visit) -> None:
    march = world.submission(world.hami, 3)
    visitor = visit(world.clerk)
    browser = visitor.context.browser
    assert browser is not None
    plain = Visitor(
        browser.new_context(java_script_enabled=False, storage_state=visitor.context.storage_state()), visitor.base_url
    )
    page = plain.open(entry_of(march))
    page.fill('[id="resource:coal:value"]', "5300")
    page.click("button[name=save]")
    expect(page.locator(".message--success")).to_be_visible()
    expect_value(page, "resource:coal", "5,300")
    plain.context.close()


def test_a_line_is_added_and_what_was_typed_before_stays(world: World, visit: Visit) -> None:
    ResourceFactory(code="petrol", unit_code="L")
    page = visit(world.clerk).open(entry_of(world.submission(world.hami, 3)))
    page.fill('[id="resource:coal:value"]', "5300")
    page.click('a[href*="choose=resource"]')
    page.select_option("#add-1", "petrol")
    page.click("#row-new button")
    expect(page.locator('[id="resource:petrol:value"]')).to_be_focused()
    expect_value(page, "resource:coal", "5300")
