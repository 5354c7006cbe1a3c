"""Registers on the entry page: lines added, changed, deleted, refused, and nothing to report."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.environment.models import Measure, StackTest
from apps.submissions.models import NothingToReport, Submission
from tests.factories import StackFactory, World
from tests.submissions.pages import cells, registers, save, stored, text_of

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]


def test_register_lines_are_added_changed_and_deleted(
    clerk: Client, march: Submission, world: World, stack_line: dict[str, Any]
) -> None:
    measure = {"kind": "energy", "description": "New burner", "since": "2020-03-01", "effect": "", "note": ""}
    response = save(clerk, march, {**cells(), **registers(stack_test=[stack_line], measure=[measure])})
    assert response.status_code == 302
    test = StackTest.objects.get(submission=march)
    assert test.concentration_mg_m3 == Decimal("12.5")
    assert test.entered_by == world.clerk
    assert Measure.objects.get(submission=march).description == "New burner"
    march.refresh_from_db()
    assert march.revision == 1  # cells and registers together count once

    changed = {**stack_line, "id": test.pk, "concentration_mg_m3": "14"}
    save(clerk, march, registers(stack_test=[changed]))
    test.refresh_from_db()
    assert test.concentration_mg_m3 == 14

    save(clerk, march, registers(stack_test=[{**changed, "DELETE": "on"}]))
    assert not StackTest.objects.filter(submission=march).exists()


def test_only_changed_lines_get_a_new_name_and_time(
    clerk: Client, march: Submission, world: World, sign_in: SignIn, stack_line: dict[str, Any]
) -> None:
    second = {**stack_line, "report_number": "R-2"}
    save(clerk, march, registers(stack_test=[stack_line, second]))
    one, two = StackTest.objects.filter(submission=march).order_by("report_number")
    colleague = world.person("colleague", "preparer", world.hami)
    lines = [{**stack_line, "id": one.pk}, {**second, "id": two.pk, "note": "checked"}]
    save(sign_in(colleague), march, registers(stack_test=lines))
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.entered_by, two.entered_by) == (world.clerk, colleague)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tested_on": "2020-04-02"}, "lies outside this period"),
        ({"concentration_mg_m3": "much"}, "is not a number"),
        ({"concentration_mg_m3": "-1"}, "cannot be negative"),
        ({"report_number": ""}, "required"),
    ],
)
def test_a_wrong_line_is_shown_again_and_the_cells_are_saved(
    clerk: Client, march: Submission, stack_line: dict[str, Any], change: dict[str, str], words: str
) -> None:
    response = save(clerk, march, {**cells(), **registers(stack_test=[{**stack_line, "note": "typed", **change}])})
    assert response.status_code == 422
    shown = text_of(response)
    assert words in shown
    assert 'value="typed"' in shown
    assert "6 saved, 1 not saved" in shown
    assert not StackTest.objects.filter(submission=march).exists()
    assert stored(march, "resource:coal").quantity == 5300


def test_the_same_test_twice_is_a_sentence_not_a_fault(
    clerk: Client, march: Submission, stack_line: dict[str, Any]
) -> None:
    assert save(clerk, march, registers(stack_test=[stack_line, stack_line])).status_code == 422
    assert save(clerk, march, registers(stack_test=[stack_line])).status_code == 302
    again = save(clerk, march, registers(stack_test=[stack_line]))
    assert again.status_code == 422
    assert "entered already" in text_of(again)
    assert StackTest.objects.filter(submission=march).count() == 1


def test_a_stack_or_a_line_of_another_site_is_not_taken(
    clerk: Client, march: Submission, world: World, sign_in: SignIn, stack_line: dict[str, Any]
) -> None:
    foreign = StackFactory(code="foreign", site=world.baishan)
    response = save(clerk, march, registers(stack_test=[{**stack_line, "stack": foreign.pk}]))
    assert response.status_code == 422
    other = world.submission(world.baishan, 3)
    save(sign_in(world.other_clerk), other, registers(stack_test=[{**stack_line, "stack": foreign.pk}]))
    theirs = StackTest.objects.get(submission=other)
    stolen = {**stack_line, "id": theirs.pk, "concentration_mg_m3": "1", "DELETE": ""}
    assert save(clerk, march, registers(stack_test=[stolen])).status_code == 422
    save(clerk, march, registers(stack_test=[{**stolen, "DELETE": "on"}]))
    theirs.refresh_from_db()
    assert (theirs.submission, theirs.concentration_mg_m3) == (other, Decimal("12.5"))


def test_nothing_to_report_is_said_and_withdrawn(clerk: Client, march: Submission, stack_line: dict[str, Any]) -> None:
    save(clerk, march, {**registers(), "nothing:stack_test": "1"})
    assert NothingToReport.objects.filter(submission=march, table="stack_test").exists()
    both = save(clerk, march, {**registers(stack_test=[stack_line]), "nothing:stack_test": "1"})
    assert both.status_code == 422
    assert "Keep one of the two" in text_of(both)
    assert not NothingToReport.objects.filter(submission=march).exists()
    # A page without the registers, such as a script's, says nothing about them.
    save(clerk, march, cells())
    assert StackTest.objects.filter(submission=march).count() == 1
