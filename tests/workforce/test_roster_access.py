"""Who may use the roster and when, what remains of it, and its pages."""

import base64

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.submissions import checks, workflow
from apps.submissions.entry import Cell
from apps.submissions.exchange.reader import read_table
from apps.submissions.models import Explanation, Submission
from apps.submissions.sheets import load_sheet
from apps.workforce.models import RosterUpload, WorkforceGroup, WorkforceMeasure
from apps.workforce.roster.columns import COLUMNS
from tests.factories import World
from tests.saving import save_cells
from tests.submissions.exchange_files import csv_bytes
from tests.workforce.rosters import (
    SignIn,
    breakdown,
    confirm,
    derived,
    line,
    roster,
    send,
    stored,
    text_of,
    url,
)

# What remains -------------------------------------------------------------------------------------------------------


def everything_kept() -> str:
    """Every row of every table as text, with what cache and sessions hold unpacked."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT kept::text FROM {connection.ops.quote_name(table)} kept")
            texts += [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT value FROM esgportal_cache")
        texts += [base64.b64decode(value).decode("latin-1") for (value,) in cursor.fetchall()]
    texts += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(texts)


@pytest.mark.parametrize("is_right", [True, False])
def test_nothing_of_the_roster_remains(workforce_world: World, sign_in: SignIn, is_right: bool) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    person = line(
        employee_number="ZQ-90417", birth_date="1987-11-23", hire_date="2011-10-19", name="Wang Xiaoming", phone="13800"
    )
    lines = roster(person, line(gender="women" if is_right else "x"))
    answer = send(client, submission, csv_bytes(lines))
    personal = ("ZQ-90417", "1987-11-23", "2011-10-19", "Xiaoming")
    assert not [text for text in personal if text in everything_kept()], "while the totals wait"
    if is_right:
        preview = client.get(answer["Location"])
        assert not [text for text in personal if text in text_of(preview)]
        assert "headcount:year_end/women" in everything_kept(), "the look finds what waits"
        assert confirm(client, preview).status_code == 302
        assert RosterUpload.objects.get().sha256 in everything_kept()
        assert Change.objects.filter(table="workforce_rosterupload").count() == 1
    assert not [text for text in personal if text in everything_kept()], "afterwards"


# Who, and when ------------------------------------------------------------------------------------------------------


def everywhere(client: Client, submission: Submission) -> set[int]:
    """What every door of the roster answers."""
    digest = "0" * 64
    answers = [client.get(url("roster", submission)), send(client, submission, csv_bytes(roster(line())))]
    answers.append(client.get(url("roster_template", submission)))
    answers.append(client.get(url("roster_check", submission, digest)))
    answers.append(client.post(url("roster_apply", submission, digest)))
    return {answer.status_code for answer in answers}


def test_only_preparers_of_the_site_come_in(workforce_world: World, sign_in: SignIn) -> None:
    outsiders = {"stranger": 404, "other_clerk": 404, "administrator": 404}
    for who, status in {**outsiders, "reviewer": 403, "lead": 403, "auditor": 403}.items():
        person = getattr(workforce_world, who)
        assert everywhere(sign_in(person), breakdown(workforce_world)) == {status}, who


def test_other_forms_have_no_roster(workforce_world: World, sign_in: SignIn) -> None:
    month = workforce_world.submission(workforce_world.hami, 1)
    assert everywhere(sign_in(workforce_world.clerk), month) == {404}


def test_the_totals_of_another_person_cannot_be_confirmed(workforce_world: World, sign_in: SignIn) -> None:
    submission = breakdown(workforce_world)
    colleague = World.person("colleague", Role.PREPARER, workforce_world.hami)
    answer = send(sign_in(workforce_world.clerk), submission, csv_bytes(roster(line())))
    digest = answer["Location"].split("/")[-2]
    for answer in (
        sign_in(colleague).get(url("roster_check", submission, digest)),
        sign_in(colleague).post(url("roster_apply", submission, digest)),
    ):
        assert (answer.status_code, answer["Location"]) == (302, url("roster", submission))
    assert not stored(submission)


def test_a_second_roster_takes_the_place_of_the_first(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    first = derived(client, submission, line())
    derived(client, submission, line(), line())
    answer = confirm(client, first)
    assert (answer.status_code, answer["Location"]) == (302, url("roster", submission))
    assert "This preview has expired" in text_of(client.get(answer["Location"]))
    assert not stored(submission)


def test_nothing_is_saved_over_a_newer_revision(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    preview = derived(client, submission, line(), line(gender="men"))
    cells = {"headcount:year_end/women": Cell(value="99")}
    save_cells(submission_id=submission.pk, user=workforce_world.clerk, revision=None, cells=cells)
    answer = confirm(client, preview)
    assert answer.status_code == 409 and "this form was changed since the roster was read" in text_of(answer)
    assert "now 99" in text_of(answer) and "Confirm the totals" not in text_of(answer)
    assert stored(submission) == {"headcount:year_end/women": 99} and not RosterUpload.objects.exists()
    assert "Confirm the totals" not in text_of(
        client.get(url("roster_check", submission, preview.context["kept"].digest))
    )


def test_a_total_that_its_row_refuses_keeps_all_of_them_out(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    preview = derived(client, submission, line(training_hours="7.5"))
    WorkforceMeasure.objects.filter(code="training_hours").update(whole_numbers=True)
    answer = confirm(client, preview)
    assert answer.status_code == 422 and "7.5 is no whole number" in text_of(answer)
    assert not stored(submission) and not RosterUpload.objects.exists()
    submission.refresh_from_db()
    assert submission.revision == 0


def handed_in(submission: Submission, user: User) -> None:
    with acting_as(user, "test"):
        for finding in checks.run(load_sheet(submission)):
            if finding.severity == "warning":
                Explanation.objects.create(
                    submission=submission, finding=finding.code, row=finding.row, fingerprint=finding.fingerprint,
                    text="It is so.", written_by=user,
                )  # fmt: skip
        workflow.submit(submission_id=submission.pk, user=user, revision=submission.revision)


def test_a_form_that_is_handed_in_takes_no_roster(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    confirm(client, derived(client, submission, line(), line(gender="men")))
    preview = derived(client, submission, line())
    before = stored(submission)
    submission.refresh_from_db()
    handed_in(submission, workforce_world.clerk)
    assert everywhere(client, submission) == {302}
    answer = confirm(client, preview)
    assert answer["Location"] == reverse("submissions:edit", args=[submission.pk])
    assert "handed in and locked; no roster can be taken over" in text_of(client.get(answer["Location"]))
    assert stored(submission) == before and RosterUpload.objects.count() == 1


# The pages ----------------------------------------------------------------------------------------------------------


def test_the_first_page_says_what_is_kept_and_which_words_are_known(workforce_world: World, sign_in: SignIn) -> None:
    page = text_of(sign_in(workforce_world.clerk).get(url("roster", breakdown(workforce_world))))
    for words in ("Fill it from a roster", "What is kept", "Women, Men", "Employee number", "no birth dates"):
        assert words in page


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_workbook_to_fill_in_is_one_that_is_read(workforce_world: World, sign_in: SignIn, language: str) -> None:
    User.objects.filter(pk=workforce_world.clerk.pk).update(language=language)
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    answer = client.get(url("roster_template", submission))
    assert 'filename="roster-hami-2020.xlsx"' in answer["Content-Disposition"]
    content = answer.getvalue()
    headings = read_table("roster.xlsx", content).headings
    assert headings == [column.label(language) for column in COLUMNS]
    with translation.override(language):
        women = WorkforceGroup.objects.get(code="women").name
    assert (
        send(
            client, submission, csv_bytes([headings, list(line(gender=women, employee_number="1").values())])
        ).status_code
        == 302
    )
