"""Signing in a real browser: a declarant on a telephone, and every page for axe and against scrolling."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.anti_corruption.gifts import services as gifts
from apps.anti_corruption.models import Conflict, Declaration, DutyState, Gift
from apps.anti_corruption.signing import services
from apps.audit.context import acting_as
from tests.anti_corruption.records import Integrity, answered, round_of
from tests.anti_corruption.signing import address, duty_of, signed
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, World

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


def test_a_declarant_reads_answers_and_signs_on_a_telephone(world: World, visit: Visit) -> None:
    clerk = world.clerk
    User.objects.filter(pk=clerk.pk).update(full_name="王小明")
    integrity = Integrity(world)
    campaign = round_of(integrity, clerk)
    duty = duty_of(clerk)
    visitor = visit(clerk, width=360)
    page = visitor.open(address("declarations"))
    page.click(f"a[href='{address('duty', duty.pk)}']")
    for version in (campaign.conduct_id, campaign.statement_id):
        expect(page.locator(".sign-steps__step--next a")).to_have_attribute(
            "href", address("duty_text", duty.pk, version)
        )
        page.click(".sign-steps__step--next a")
        assert visitor.overflow() == 0
        page.click("main form .button--primary")
    page.click(".sign-steps__step--next a")
    assert page.locator("input[type=radio]:checked").count() == 0
    assert visitor.violations() == [] and visitor.overflow() == 0
    for choice in page.locator("input[type=radio][value=nothing]").all():
        choice.check()
    details = page.locator("#id_details_loans")
    expect(details).to_be_hidden()
    page.locator("#question-loans input[value=tells]").check()
    details.fill("向姨妈借款一千元")
    page.fill("#id_name", "王 小明")
    page.fill("#id_password", "wrong password")
    page.click("main form .button--primary")
    expect(page.locator("#id_password[aria-invalid=true]")).to_have_value("")
    expect(details).to_have_value("向姨妈借款一千元")
    assert visitor.violations() == [] and visitor.overflow() == 0
    # What was typed under a choice that was taken back is shown again, not dropped.
    page.locator("#question-loans input[value=nothing]").check()
    page.fill("#id_password", PASSWORD)
    page.click("main form .button--primary")
    expect(page.locator("#id_details_loans[aria-invalid=true]")).to_be_visible()
    page.locator("#question-loans input[value=tells]").check()
    page.fill("#id_password", PASSWORD)
    page.click("main form .button--primary")
    expect(page.locator(".message--success")).to_be_visible()
    declaration = Declaration._default_manager.get()
    assert page.url.endswith(address("receipt", declaration.pk))
    expect(page.locator("main")).to_contain_text(declaration.sha256)
    assert visitor.violations() == [] and visitor.overflow() == 0
    with page.expect_download() as download:
        page.click(f"a[href='{address('receipt_pdf', declaration.pk)}']")
    assert download.value.suggested_filename == f"receipt-{declaration.pk}.pdf"
    duty.refresh_from_db()
    assert duty.state == DutyState.SIGNED and declaration.language == "zh-hans"
    assert Conflict.objects.get().kind == "loans"


def test_it_can_be_signed_without_a_mouse(world: World, visit: Visit) -> None:
    clerk = world.clerk
    round_of(Integrity(world), clerk)
    duty = duty_of(clerk)
    with acting_as(clerk, "test"):
        for version in (duty.campaign.conduct_id, duty.campaign.statement_id):
            services.note_read(user=clerk, duty_id=duty.pk, version_id=version, language="en")
    visitor = visit(clerk, language="en")
    page = visitor.open(address("duty_sign", duty.pk))
    for _question in range(8):
        visitor.tab_to("input[type=radio]")
        page.keyboard.press("Space")
    visitor.tab_to("#id_name")
    page.keyboard.type(clerk.full_name)
    visitor.tab_to("#id_password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Receipt")
    assert all(row["none"] for row in Declaration._default_manager.get().answers)


def look(visitor: Visitor, *paths: str) -> None:
    """Each page for axe, and that it cannot be scrolled sideways on a telephone."""
    for path in paths:
        visitor.page.set_viewport_size({"width": 1280, "height": 800})
        visitor.open(path)
        assert visitor.violations() == []
        visitor.page.set_viewport_size({"width": 360, "height": 800})
        assert visitor.overflow() == 0, path


def test_every_page_is_fit_for_everybody(world: World, visit: Visit) -> None:
    integrity, clerk = Integrity(world), world.clerk
    round_of(integrity, clerk)
    first = signed(duty_of(clerk), loans="1,000 from my aunt", wrongdoing="A bribe")
    campaign = round_of(integrity, clerk, due_in=-3, opened=30)
    duty = duty_of(clerk)
    with acting_as(clerk, "test"):
        second = services.correct(
            user=clerk,
            declaration_id=first.pk,
            language="en",
            name=clerk.full_name,
            address="2001:db8::1",
            answers=answered(gifts="A watch"),
            reason="I forgot the watch.",
        )
        gift = gifts.register(
            user=clerk,
            gift=Gift(
                site=world.hami,
                received_on=second.duty.opened_on,
                giver="Mr Wang, North Coal",
                occasion="Festival",
                item="A watch",
                value_cny=900,
            ),
        )
    for reader in (integrity.officer, integrity.reader):
        look(
            visit(reader, language="en"),
            address("declaration", first.pk),
            address("declaration", second.pk),
            address("gifts"),
            address("gift", gift.pk),
        )
    look(visit(integrity.officer, language="en"), address("gift_settle", gift.pk))
    look(
        visit(clerk, language="en"),
        address("declarations"),
        address("duty", duty.pk),
        address("duty_text", duty.pk, campaign.statement_id),
        address("duty_decline", duty.pk),
        address("declaration", first.pk),
        address("declaration_correct", second.pk),
        address("receipt", second.pk),
        address("gifts"),
        address("gift_add"),
        address("gift", gift.pk),
        address("gift_correct", gift.pk),
    )
