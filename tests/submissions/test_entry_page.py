"""The entry page through the door clerks use: what is saved, what is shown again, who is let in."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.environment.models import StackTest
from apps.submissions import workflow
from apps.submissions.choices import State
from apps.submissions.entry import Cell
from apps.submissions.models import Comment, Explanation, Submission
from tests.factories import ResourceFactory, World
from tests.submissions.pages import cells, page, registers, save, stored, text_of

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]


# Saving --------------------------------------------------------------------------------------------------------------


def test_a_month_is_saved_as_typed_and_in_the_canonical_unit(clerk: Client, march: Submission) -> None:
    response = save(clerk, march, cells())
    assert response.status_code == 302
    record = stored(march, "resource:electricity")
    assert (record.entered_value, record.entered_unit, record.quantity) == (
        Decimal("280.5"),
        "万kWh",
        Decimal(2_805_000),
    )
    assert march.revision == 1
    assert march.saved_by == record.entered_by
    shown = text_of(page(clerk, march))
    assert 'value="280.5"' in shown
    assert "= 2,805,000 kWh" in shown


def test_full_width_digits_and_separators_are_read(clerk: Client, march: Submission) -> None:
    save(clerk, march, cells(**{"resource:coal": {"value": "５，３００．５", "unit": "t"}}))
    assert stored(march, "resource:coal").quantity == Decimal("5300.5")


def test_zero_blank_and_not_measured_are_three_things(clerk: Client, march: Submission) -> None:
    changes = {
        "resource:diesel": {"value": "0", "unit": "L"},
        "resource:coal": None,
        "waste:waste_oil/sold": {"how": "not_measured", "note": "The scale was broken."},
    }
    assert save(clerk, march, cells(**changes)).status_code == 302
    assert stored(march, "resource:diesel").quantity == 0
    assert stored(march, "resource:coal") is None
    waste = stored(march, "waste:waste_oil/sold")
    assert (waste.state, waste.quantity, waste.note) == ("not_measured", None, "The scale was broken.")


def test_an_emptied_cell_is_blank_again(clerk: Client, march: Submission) -> None:
    save(clerk, march, cells())
    save(clerk, march, cells(**{"resource:diesel": None}))
    assert stored(march, "resource:diesel") is None


def test_right_cells_are_saved_and_the_wrong_one_keeps_its_text(clerk: Client, march: Submission) -> None:
    wrong = {"value": "about <40>", "unit": "L", "note": "to ask"}
    response = save(clerk, march, cells(**{"resource:diesel": wrong}))
    assert response.status_code == 422
    shown = text_of(response)
    assert "5 saved, 1 not saved" in shown
    assert 'href="#resource:diesel:value"' in shown
    assert 'value="about &lt;40&gt;"' in shown
    assert 'aria-invalid="true" aria-describedby="e-resource:diesel:value"' in shown
    assert 'id="e-resource:diesel:value"' in shown
    assert stored(march, "resource:diesel") is None
    assert stored(march, "resource:coal").quantity == 5300
    # The page carries the new revision: the corrected cell goes through.
    assert f'name="revision" value="{march.revision}"' in shown
    assert save(clerk, march, cells(), revision=march.revision).status_code == 302


@pytest.mark.parametrize("value", ["-3", "１２三", "1e5", "NaN", "=1+1", "9" * 40, "\x00"])
def test_what_is_no_quantity_is_refused_with_a_sentence(clerk: Client, march: Submission, value: str) -> None:
    response = save(clerk, march, cells(**{"resource:diesel": {"value": value, "unit": "L", "note": "x"}}))
    assert response.status_code == 422
    assert stored(march, "resource:diesel") is None


def test_a_wrong_unit_names_the_right_ones(clerk: Client, march: Submission) -> None:
    response = save(clerk, march, cells(**{"resource:electricity": {"value": "3", "unit": "kg"}}))
    assert response.status_code == 422
    assert "kWh, 万kWh, MWh" in text_of(response)


def test_saving_an_unchanged_page_writes_nothing(clerk: Client, march: Submission) -> None:
    save(clerk, march, cells())
    march.refresh_from_db()
    assert save(clerk, march, cells()).status_code == 302
    before = march.revision
    march.refresh_from_db()
    assert march.revision == before


def test_stock_movements_are_kept(clerk: Client, march: Submission) -> None:
    stock = {"opening_stock": "1.5", "taken_away": "2", "closing_stock": "０．３"}
    fields = {f"waste:waste_oil/sold:{name}": value for name, value in stock.items()}
    assert save(clerk, march, {**cells(), **fields}).status_code == 302
    assert stored(march, "waste:waste_oil/sold").closing_stock == Decimal("0.3")


def test_a_line_that_the_site_does_not_usually_answer(clerk: Client, march: Submission, world: World) -> None:
    ResourceFactory(code="petrol", unit_code="L", name_en="Petrol")
    assert "Petrol" not in text_of(page(clerk, march))
    assert '<option value="petrol">Petrol</option>' in text_of(page(clerk, march, choose="resource"))
    assert 'name="resource:petrol:value"' in text_of(page(clerk, march, add="resource", key="petrol"))
    assert save(clerk, march, cells(**{"resource:petrol": {"value": "12", "unit": "L"}})).status_code == 302
    assert stored(march, "resource:petrol").quantity == 12
    assert 'value="12"' in text_of(page(clerk, march))


def test_nonsense_in_the_address_or_in_field_names_does_no_harm(clerk: Client, march: Submission) -> None:
    for query in (
        {"add": "resource", "key": "nothing"},
        {"add": "resource", "key": "\x00"},
        {"add": "x:y/z"},
        {"choose": "stack_test"},
        {"row": "a"},
    ):
        assert page(clerk, march, **query).status_code == 200
    assert (
        save(clerk, march, {**cells(), "stack_test-TOTAL_FORMS": "x", "measure-TOTAL_FORMS": "-1"}).status_code == 422
    )
    fields = {"resource:nothing:value": "1", "x:y:value": "2", "explain:": "?", "waste:a/b/c:value": "3"}
    assert save(clerk, march, {**cells(), **fields}).status_code == 302


# Colleagues ----------------------------------------------------------------------------------------------------------


def test_a_stale_save_is_refused_and_shows_both_values(
    clerk: Client, march: Submission, world: World, sign_in: SignIn
) -> None:
    save(clerk, march, cells())
    march.refresh_from_db()
    seen = march.revision
    colleague = sign_in(world.person("colleague", "preparer", world.hami))
    for diesel, coal in (("39", "5,390"), ("41", "5,400")):
        save(colleague, march, cells(**{"resource:diesel": {"value": diesel}, "resource:coal": {"value": coal}}))

    response = save(clerk, march, cells(**{"resource:diesel": {"value": "42", "unit": "L"}}), revision=seen)

    assert response.status_code == 409
    shown = text_of(response)
    assert 'value="42"' in shown  # mine, still in its field
    assert "now stored: <strong>41 L</strong> (Colleague" in shown  # the colleague's, beside it
    assert 'value="5,400"' in shown  # where I typed nothing, the colleague's value stands
    assert "Changed in the meantime by Colleague" in shown
    assert stored(march, "resource:diesel").quantity == 41
    # Saved again knowingly, from the page as it now stands.
    again = cells(**{"resource:diesel": {"value": "42", "unit": "L"}, "resource:coal": {"value": "5,400", "unit": "t"}})
    assert save(clerk, march, again, revision=march.revision).status_code == 302
    assert stored(march, "resource:diesel").quantity == 42
    assert stored(march, "resource:coal").quantity == 5400


def test_a_stale_save_shows_the_lines_of_both(
    clerk: Client, march: Submission, world: World, sign_in: SignIn, stack_line: dict[str, Any]
) -> None:
    colleague = sign_in(world.person("colleague", "preparer", world.hami))
    save(colleague, march, registers(stack_test=[{**stack_line, "report_number": "theirs"}]))
    response = save(clerk, march, registers(stack_test=[{**stack_line, "report_number": "mine"}]), revision=0)
    assert response.status_code == 409
    shown = text_of(response)
    assert 'value="mine"' in shown
    assert "theirs" in shown
    assert StackTest.objects.get().report_number == "theirs"


def test_a_page_without_its_revision_saves_nothing(clerk: Client, march: Submission) -> None:
    for revision in ("", "x", "-1", "²", "9" * 30):
        response = clerk.post(reverse("submissions:edit", args=[march.pk]), {"revision": revision, **cells()})
        assert response.status_code == 409
    assert stored(march, "resource:coal") is None


def test_what_was_typed_survives_a_handing_in_by_a_colleague(
    clerk: Client, march: Submission, world: World, hand_in: Act
) -> None:
    hand_in(march, world.clerk)
    response = save(clerk, march, cells(**{"resource:diesel": {"value": "77", "unit": "L"}}), revision=0)
    assert response.status_code == 409
    shown = text_of(response)
    assert "handed in in the meantime" in shown
    assert 'value="77"' in shown
    assert stored(march, "resource:diesel").quantity == 40


# Who is let in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["edit", "submit", "history", "comment", "evidence_upload"])
def test_other_sites_do_not_exist(world: World, sign_in: SignIn, march: Submission, name: str) -> None:
    url = reverse(f"submissions:{name}", args=[march.pk])
    for person in (world.other_clerk, world.stranger):
        client = sign_in(person)
        assert client.post(url, {"revision": 0}).status_code in (404, 405)
        assert client.get(url).status_code in (404, 405)
    assert {sign_in(world.other_clerk).post(url).status_code, sign_in(world.other_clerk).get(url).status_code} & {404}


@pytest.mark.parametrize("role", ["reviewer", "lead", "auditor", "administrator"])
def test_who_only_reads_gets_the_page_without_fields_and_403_for_saving(
    world: World, sign_in: SignIn, march: Submission, fill_in: Act, role: str
) -> None:
    fill_in(march, world.clerk)
    client = sign_in(getattr(world, role))
    shown = text_of(page(client, march))
    assert "280.5" in shown
    assert "You may read this form" in shown
    assert 'name="resource:electricity:value"' not in shown
    assert save(client, march, cells()).status_code == 403
    assert client.post(reverse("submissions:submit", args=[march.pk]), {"revision": 1}).status_code == 403
    assert client.get(reverse("submissions:submit", args=[march.pk])).status_code == 403


def test_a_locked_page_says_why_and_has_no_fields(clerk: Client, march: Submission, world: World, hand_in: Act) -> None:
    hand_in(march, world.clerk)
    shown = text_of(page(clerk, march))
    assert "handed in and locked" in shown
    assert 'name="resource:electricity:value"' not in shown
    with acting_as(world.reviewer, "test"):
        workflow.approve(submission_id=march.pk, user=world.reviewer)
    assert "approved and locked" in text_of(page(clerk, march))


# Findings and their explanations -------------------------------------------------------------------------------------


@pytest.fixture
def odd_march(world: World, march: Submission, approve: Act, fill_in: Act) -> Submission:
    """February is approved; in March coal is twenty times as much."""
    approve(world.submission(world.hami, 2), world.clerk, world.reviewer)
    return fill_in(march, world.clerk, {"resource:coal": Cell(value="106000", unit="t")})


def explain(submission: Submission, client: Client, text: str, **more: str) -> Any:
    odd = cells(**{"resource:coal": {"value": "106000", "unit": "t"}})
    return save(client, submission, {**odd, "explain:scale:resource:coal": text, **more})


def test_a_warning_stands_at_its_row_and_takes_an_explanation(clerk: Client, odd_march: Submission) -> None:
    shown = text_of(page(clerk, odd_march))
    assert 'name="explain:scale:resource:coal"' in shown
    assert "times what this site usually reports" in shown
    assert explain(odd_march, clerk, "Stock for the winter.").status_code == 302
    kept = Explanation.objects.get(submission=odd_march)
    assert (kept.text, kept.fingerprint) == ("Stock for the winter.", "106000")
    assert "Stock for the winter." in text_of(page(clerk, odd_march))
    explain(odd_march, clerk, "")
    assert not Explanation.objects.exists()


def test_an_explanation_does_not_slip_to_another_value(clerk: Client, odd_march: Submission) -> None:
    explain(odd_march, clerk, "Stock for the winter.")
    more = cells(**{"resource:coal": {"value": "107000", "unit": "t"}})
    # The box still holds the old words when the value is changed.
    save(clerk, odd_march, {**more, "explain:scale:resource:coal": "Stock for the winter."})
    assert Explanation.objects.get().fingerprint == "106000"
    assert "still holds: “Stock for the winter.”" in text_of(page(clerk, odd_march))
    save(clerk, odd_march, {**more, "explain:scale:resource:coal": "", "again:scale:resource:coal": "1"})
    assert Explanation.objects.get().fingerprint == "107000"


def test_an_explanation_of_a_warning_that_is_not_there_is_not_kept(clerk: Client, march: Submission) -> None:
    save(clerk, march, {**cells(), "explain:scale:resource:coal": "For nothing."})
    assert not Explanation.objects.exists()


# Handing in ----------------------------------------------------------------------------------------------------------


def hand_in_page(client: Client, submission: Submission, **fields: Any) -> Any:
    submission.refresh_from_db()
    url = reverse("submissions:submit", args=[submission.pk])
    return client.post(url, {"revision": submission.revision, **fields}) if fields else client.get(url)


def test_handing_in_names_what_is_missing_with_links(clerk: Client, march: Submission) -> None:
    save(clerk, march, cells(**{"resource:coal": None}))
    shown = text_of(hand_in_page(clerk, march))
    assert f'href="{reverse("submissions:edit", args=[march.pk])}#row-resource:coal"' in shown
    assert "row-stack_test:" in shown
    assert hand_in_page(clerk, march, go="1").status_code == 422
    march.refresh_from_db()
    assert march.state == State.DRAFT


def test_from_an_empty_month_to_a_handed_in_one(clerk: Client, odd_march: Submission, world: World) -> None:
    response = save(clerk, odd_march, {**registers(), "nothing:stack_test": "1", "go_on": "1"})
    assert response.url == reverse("submissions:submit", args=[odd_march.pk])
    assert "explain:scale:resource:coal" in text_of(hand_in_page(clerk, odd_march))

    refused = hand_in_page(clerk, odd_march, **{"explain:scale:resource:coal": "  "})
    assert refused.status_code == 422
    assert "explain the warnings" in text_of(refused)

    done = hand_in_page(clerk, odd_march, **{"explain:scale:resource:coal": "Stock for the winter."})
    assert done.url == reverse("submissions:my_work")
    odd_march.refresh_from_db()
    assert (odd_march.state, odd_march.submitted_by) == (State.SUBMITTED, world.clerk)


def test_handing_in_what_a_colleague_changed_is_refused(clerk: Client, march: Submission) -> None:
    save(clerk, march, {**cells(), **registers(), "nothing:stack_test": "1"})
    url = reverse("submissions:submit", args=[march.pk])
    response = clerk.post(url, {"revision": 0})
    assert response.status_code == 409
    march.refresh_from_db()
    assert march.state == State.DRAFT


def test_handing_in_twice_says_so(clerk: Client, march: Submission, world: World, hand_in: Act) -> None:
    hand_in(march, world.clerk)
    response = clerk.post(reverse("submissions:submit", args=[march.pk]), {"revision": march.revision}, follow=True)
    assert "handed in already" in text_of(response)


# What came back ------------------------------------------------------------------------------------------------------


def test_the_reviewers_words_and_questions_are_shown_and_answered(
    clerk: Client, march: Submission, world: World, sign_in: SignIn, hand_in: Act
) -> None:
    hand_in(march, world.clerk)
    with acting_as(world.reviewer, "test"):
        workflow.send_back(
            submission_id=march.pk,
            user=world.reviewer,
            comment="Coal looks odd.",
            rows=[("resource:coal", "Where are the tickets?")],
        )
    shown = text_of(page(clerk, march))
    assert "Coal looks odd." in shown
    assert "Where are the tickets?" in shown
    url = reverse("submissions:comment", args=[march.pk])
    answered = clerk.post(url, {"row": "resource:coal", "text": "Attached."})
    assert answered.url.endswith("#row-resource:coal")
    assert "Attached." in text_of(page(clerk, march))
    answer = Comment.objects.get(text="Attached.")
    assert (answer.is_question, answer.author) == (False, world.clerk)
    assert sign_in(world.auditor).post(url, {"text": "Hello"}).status_code == 403
    assert clerk.post(url, {"text": ""}, follow=True).status_code == 200
    assert Comment.objects.count() == 2


# History -------------------------------------------------------------------------------------------------------------


def test_history_tells_who_changed_what_and_compares_two_moments(
    clerk: Client, march: Submission, world: World, hand_in: Act
) -> None:
    save(clerk, march, cells())
    save(clerk, march, cells(**{"resource:coal": {"value": "5,310.123456789012", "unit": "t", "how": "metered"}}))
    save(clerk, march, cells(**{"resource:coal": None}))
    url = reverse("submissions:history", args=[march.pk])
    shown = text_of(clerk.get(url))
    assert "Clerk Hami" in shown
    assert "5,300 t" in shown
    assert "5,310.123456789012 t" in shown  # not a digit is lost in the trail
    moments = clerk.get(url).context["moments"]
    first, last = moments[-2], moments[0]  # the first save, and now
    compared = clerk.get(url, {"a": first.id, "b": last.id}).context["differences"]
    assert [change.row for change in compared] == ["resource:coal"]
    assert (compared[0].fields[0].was, compared[0].fields[0].now) == ("5,300 t", "")
    assert clerk.get(url, {"a": "x", "b": "99999999"}).context["differences"] is None
