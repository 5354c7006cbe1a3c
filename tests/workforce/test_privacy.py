"""Rows about single people are open to those who enter, review or audit them, and to nobody else by any door.

Everything that Hami's HR clerk wrote carries one word; whoever is kept out must meet it nowhere.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.submissions import comments
from apps.submissions.models import Evidence, Explanation, Seal, Submission, SubmissionEvent
from apps.submissions.sections import sections
from apps.workforce.sections import BREAKDOWN, SAFETY, STANDARDS
from tests.factories import MembershipFactory, UserFactory, World
from tests.submissions.exchange_files import csv_bytes, row, table
from tests.workforce.every_kind import MAKE
from tests.workforce.records import (
    approve,
    breakdown,
    hand_in,
    month,
    put_count,
    put_course,
    put_disease,
    put_follow_up,
    put_injury,
    put_labour,
    put_standard,
    standards,
)

SignIn = Callable[[User], Client]
WORD = "ZQ4711"
PERSONAL = (BREAKDOWN, SAFETY, STANDARDS)
RECORDS = [table.model for section in sections if section.code in PERSONAL for table in section.tables]

# Who stands outside, each with why.
OUTSIDERS = ("administrator", "superuser", "other_clerk", "environment_clerk", "environment_reviewer", "stranger")
INSIDERS = ("clerk", "reviewer", "lead", "auditor", "hr_clerk")


@pytest.fixture
def hami(workforce_world: World) -> World:
    """Hami's March and statement handed in, the breakdown and April in progress; January approved."""
    world = workforce_world
    world.superuser = UserFactory(username="root", is_superuser=True)
    for name, role, section in (
        ("environment_clerk", Role.PREPARER, "environment"),
        ("environment_reviewer", Role.REVIEWER, "environment"),
        ("hr_clerk", Role.PREPARER, ""),
    ):
        person = UserFactory(username=name)
        for code in [section] if section else PERSONAL:
            MembershipFactory(user=person, role=role, site=world.hami, section=code)
        setattr(world, name, person)
    with acting_as(world.clerk, "test"):
        for model, make in MAKE.items():
            make(world, 0)
            assert model._default_manager.exists()
        written = {"entered_by": world.clerk, "note": WORD}
        case = put_injury(month(world.hami, 1), case_number=f"{WORD}-1", days=3, **written)
        put_follow_up(month(world.hami, 2), case, days=2, **written)
        put_disease(month(world.hami, 1), case_number=f"{WORD}-2", **written)
        put_course(month(world.hami, 1), "2", women=3, trainer=WORD, note=WORD)
        for cell in (
            put_labour(month(world.hami, 1), "hours_worked", 100),
            put_count(breakdown(world.hami), "year_end", "men", 120),
            put_standard(standards(world.hami), "annual_leave", 7),
        ):
            cell.note = WORD
            cell.save()
        for form in forms(world):
            if form.is_open:
                proof = Evidence(
                    submission=form, row="", name=f"{WORD}.txt", content_type="text/plain", size_bytes=6,
                    sha256="0" * 64, uploaded_by=world.clerk,
                )  # fmt: skip
                proof.file.save("proof.txt", ContentFile(WORD.encode()), save=True)
                comments.remark(form, world.reviewer, f"What of {WORD}?", is_question=False)
                Explanation.objects.create(submission=form, finding="x", text=WORD, written_by=world.clerk)
    approve(month(world.hami, 1), world.clerk, world.reviewer)
    return world


def forms(world: World) -> list[Submission]:
    return [month(world.hami, 1), month(world.hami, 2), breakdown(world.hami), standards(world.hami)]


def text_of(response: HttpResponse) -> str:
    """What an answer says, also where it is a file."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if content.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return " ".join(str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line)
    return content.decode()


# The staff's pages --------------------------------------------------------------------------------------------------


def staff_pages(world: World) -> Iterator[tuple[str, str]]:
    for form in forms(world):
        for name in ("edit", "history"):
            yield "get", reverse(f"submissions:{name}", args=[form.pk])
        yield "get", reverse("submissions:evidence", args=[Evidence.objects.filter(submission=form)[0].pk])


@pytest.mark.parametrize("person", OUTSIDERS)
def test_the_pages_of_the_forms_are_not_there(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    for method, address in staff_pages(hami):
        assert getattr(client, method)(address).status_code == 404, address
    proof = Evidence.objects.filter(submission=breakdown(hami.hami))[0]
    for name, pk in (
        ("edit", proof.submission_id), ("submit", proof.submission_id), ("comment", proof.submission_id),
        ("evidence_upload", proof.submission_id), ("evidence_delete", proof.pk),
    ):  # fmt: skip
        posted = {"text": "x", "revision": "0", "file": SimpleUploadedFile("a.txt", b"a")}
        assert client.post(reverse(f"submissions:{name}", args=[pk]), posted).status_code == 404, name
    assert Evidence.objects.filter(submission=proof.submission_id).count() == 1


@pytest.mark.parametrize("person", INSIDERS)
def test_those_who_enter_review_or_audit_see_the_forms(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    for method, address in staff_pages(hami):
        page = getattr(client, method)(address)
        assert page.status_code == 200 and WORD in text_of(page), address


@pytest.mark.parametrize("person", OUTSIDERS)
def test_lists_and_figures_name_no_form_and_no_word(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    for address in (
        reverse("submissions:my_work"),
        reverse("submissions:list") + "?site=HAMI",
        "/figures/2020/",
        "/figures/2020/?basis=all",
    ):
        page = client.get(address)
        if page.status_code != 404:
            assert WORD not in text_of(page)
            assert not any(f"/submissions/{form.pk}/" in text_of(page) for form in forms(hami)), address
    assert f"/submissions/{forms(hami)[1].pk}/" in text_of(sign_in(hami.hr_clerk).get(reverse("submissions:my_work")))


def test_somebody_of_another_section_opens_no_figure_of_people(hami: World, sign_in: SignIn) -> None:
    client = sign_in(hami.environment_clerk)
    page = text_of(client.get("/figures/2020/", {"basis": "all"}))
    assert "A2 Resources" in page and "Workforce" not in page and "WF-" not in page
    for code in ("WF-END", "WF-END-MEN", "WF-INJ", "WF-FATAL-R", "WF-STD-ANNUAL_LEAVE"):
        assert client.get(f"/figures/2020/{code}/", {"basis": "all"}).status_code == 404
    rows = text_of(client.get("/figures/2020/export/csv", {"basis": "all"}))
    assert "ENV-OUTPUT" in rows and "WF-" not in rows


@pytest.mark.parametrize("code", ["WF-INJ", "WF-LOST", "WF-COURSE-HOURS", "WF-ITEM-HOURS_WORKED"])
def test_an_administrator_sees_approved_figures_and_none_of_their_rows(hami: World, sign_in: SignIn, code: str) -> None:
    client = sign_in(hami.administrator)
    for query in ({}, {"site": "HAMI"}):
        page = client.get(f"/figures/2020/{code}/", query)
        assert page.context["figure"].value is not None and "lineage" not in page.context
        assert WORD not in text_of(page)
        # What is not approved yet would tell of the one form that came in between.
        assert client.get(f"/figures/2020/{code}/", {"basis": "all", **query}).status_code == 404
    assert "WF-" not in text_of(client.get("/figures/2020/", {"basis": "all"}))
    assert WORD in text_of(sign_in(hami.auditor).get("/figures/2020/WF-INJ/"))


# The reviewers' pages -----------------------------------------------------------------------------------------------


def in_admin(model: type[models.Model], what: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def objects_of(world: World) -> dict[type[models.Model], list[int]]:
    """Everything of Hami's people that stands in a list of the admin."""
    of_forms: dict[type[models.Model], Any] = {
        model: model._default_manager.filter(submission__section__in=PERSONAL)
        for model in (*RECORDS, SubmissionEvent, Seal)
    }
    of_forms[Submission] = Submission.objects.filter(section__in=PERSONAL, site=world.hami)
    of_forms[Change] = Change.objects.filter(submission_id__in=of_forms[Submission].values("pk"))
    return {model: list(found.values_list("pk", flat=True)) for model, found in of_forms.items()}


@pytest.mark.parametrize("person", ["administrator", "superuser", "environment_reviewer"])
def test_the_admin_has_no_such_rows(hami: World, sign_in: SignIn, person: str) -> None:
    """No list shows one, none opens by its address, and its history leads nowhere."""
    client = sign_in(getattr(hami, person))
    shown, opened = [], []
    for model, keys in objects_of(hami).items():
        assert keys, model
        listed = client.get(in_admin(model, "changelist"))
        if listed.status_code != 200 or {row.pk for row in listed.context["cl"].result_list} & set(keys):
            shown.append(model.__name__)
        for key in (keys[0], keys[-1]):
            for what in ("change", "history"):
                if client.get(in_admin(model, what, key)).status_code != 404:
                    opened.append(in_admin(model, what, key))
    assert (shown, opened) == ([], [])


@pytest.mark.parametrize("person", ["reviewer", "lead", "auditor"])
def test_the_admin_shows_them_to_those_who_review_or_audit(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    for model, keys in objects_of(hami).items():
        listed = client.get(in_admin(model, "changelist"))
        assert {row.pk for row in listed.context["cl"].result_list} & set(keys), model
        assert client.get(in_admin(model, "change", keys[0])).status_code == 200, model


@pytest.mark.parametrize("person", ["administrator", "superuser", "environment_reviewer"])
def test_no_search_filter_or_drop_down_finds_them(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    form = month(hami.hami, 1)
    asked = [
        (in_admin(Submission, "changelist"), {"q": "2020-01", "section": SAFETY}),
        (in_admin(Change, "changelist"), {"q": str(form.pk)}),
        (in_admin(Change, "changelist"), {"submission_id": form.pk}),
        (in_admin(Change, "changelist"), {"table": "workforce_injury"}),
        (in_admin(Change, "changelist"), {"table": "submissions_explanation", "q": "Clerk"}),
        (in_admin(SubmissionEvent, "changelist"), {"q": "HAMI"}),
        *((in_admin(model, "changelist"), {"q": "HAMI"}) for model in RECORDS),
    ]
    for address, query in asked:
        page = client.get(address, query)
        assert page.status_code == 200 and WORD not in text_of(page)
        assert not page.context["cl"].result_list, (address, query)
    for model, field in (("workforce.injuryfollowup", "case"), ("submissions.seal", "submission")):
        app_label, model_name = model.split(".")
        query = {"app_label": app_label, "model_name": model_name, "field_name": field, "term": ""}
        found = client.get(reverse("admin:autocomplete"), query)
        assert found.status_code in (403, 404) or "Safety" not in text_of(found) and WORD not in text_of(found)
    assert WORD not in text_of(client.get(reverse("admin:index"), {"year": "2020"}))


@pytest.mark.parametrize("person", ["administrator", "superuser"])
def test_the_trail_tells_them_nothing_of_where_such_a_form_stands(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    keys = Submission.objects.filter(section__in=PERSONAL).values("pk")
    moved = Change.objects.filter(table="submissions_submission", row_id__in=keys, operation="U")
    assert moved.exists()
    for change in moved:
        assert client.get(in_admin(Change, "change", change.pk)).status_code == 404
    environment = Change.objects.filter(table="submissions_submission").exclude(row_id__in=keys)
    assert client.get(in_admin(Change, "change", environment[0].pk)).status_code == 200


@pytest.mark.parametrize("person", ["administrator", "superuser", "environment_reviewer"])
def test_nothing_is_decided_on_what_cannot_be_seen(hami: World, sign_in: SignIn, person: str) -> None:
    client = sign_in(getattr(hami, person))
    form = hand_in(breakdown(hami.hami), hami.clerk)
    for name in ("approve", "send_back", "reopen", "comment"):
        address = reverse(f"admin:submissions_submission_{name}", args=[form.pk])
        assert client.post(address, {"comment": "x", "text": "x"}).status_code in (403, 404)
    form.refresh_from_db()
    assert form.state == "submitted"


# Files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["exchange:export", "admin:submissions_record_export"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("person", OUTSIDERS)
def test_exports_leave_them_out(hami: World, sign_in: SignIn, person: str, file_format: str, door: str) -> None:
    client = sign_in(getattr(hami, person))
    for query in ({}, {"site": "HAMI"}, {"kinds": ["labour", "headcount", "standard", "course"]}):
        answer = client.get(reverse(door), {"format": file_format, "year": "", **query})
        assert answer.status_code in (200, 403) and WORD not in text_of(answer)


@pytest.mark.parametrize("person", INSIDERS)
def test_exports_hold_them_for_those_who_may_read_them(hami: World, sign_in: SignIn, person: str) -> None:
    answer = sign_in(getattr(hami, person)).get(reverse("exchange:export"), {"format": "csv", "year": ""})
    text = text_of(answer)
    assert WORD in text and all(f",{kind}," in text for kind in ("labour", "headcount", "standard", "course"))
    # Cases are in no file at all.
    assert f"{WORD}-1" not in text and f"{WORD}-2" not in text


def test_ticking_what_is_not_listed_exports_nothing(hami: World, sign_in: SignIn) -> None:
    ticked = {"action": "export_selected", admin.helpers.ACTION_CHECKBOX_NAME: [form.pk for form in forms(hami)]}
    for person in (hami.administrator, hami.environment_reviewer):
        answer = sign_in(person).post(in_admin(Submission, "changelist"), ticked)
        assert WORD not in text_of(answer)
    assert WORD in text_of(sign_in(hami.auditor).post(in_admin(Submission, "changelist"), ticked))


def uploaded(client: Client, *lines: dict[str, Any]) -> HttpResponse:
    """The check of a file, as somebody sees it who sent it."""
    cache.clear()
    file = SimpleUploadedFile("records.csv", csv_bytes(table(*lines)), content_type="text/csv")
    answer: HttpResponse = client.post(reverse("exchange:import"), {"file": file}, follow=True)
    return answer


CELL = row(record_kind="headcount", period="2020", item="year_end/men", quantity="121", unit="person")


@pytest.mark.parametrize("person", ["other_clerk", "environment_clerk"])
def test_the_check_of_a_file_tells_nothing_of_what_is_there(hami: World, sign_in: SignIn, person: str) -> None:
    answer = uploaded(sign_in(getattr(hami, person)), CELL)
    assert answer.status_code == 200
    assert WORD not in text_of(answer) and "120" not in text_of(answer)
    assert answer.context["report"].problems and not answer.context["report"].differences
    seen = uploaded(sign_in(hami.hr_clerk), CELL)
    assert "120" in text_of(seen) and not seen.context["report"].problems


@pytest.mark.parametrize("person", ["administrator", "superuser", "environment_reviewer", "stranger"])
def test_who_enters_nothing_checks_no_file(hami: World, sign_in: SignIn, person: str) -> None:
    assert uploaded(sign_in(getattr(hami, person)), CELL).status_code == 403


def test_the_file_to_fill_in_has_the_rows_of_the_own_sections(hami: World, sign_in: SignIn) -> None:
    asked = {"site": "HAMI", "period": "2020-02"}
    of_environment = text_of(sign_in(hami.environment_clerk).get(reverse("exchange:template"), asked))
    of_people = text_of(sign_in(hami.hr_clerk).get(reverse("exchange:template"), asked))
    assert "Hours worked" in of_people and "Hours worked" not in of_environment


# Several roles ------------------------------------------------------------------------------------------------------


def test_an_administrator_who_reviews_one_site_sees_the_people_of_that_site(hami: World, sign_in: SignIn) -> None:
    both = UserFactory(username="both")
    MembershipFactory(user=both, role=Role.ADMINISTRATOR)
    MembershipFactory(user=both, role=Role.REVIEWER, site=hami.baishan)
    client = sign_in(both)
    assert client.get(reverse("submissions:edit", args=[breakdown(hami.baishan).pk])).status_code == 200
    for _method, address in staff_pages(hami):
        assert client.get(address).status_code == 404
    change = Change.objects.filter(submission_id=breakdown(hami.hami).pk)[0]
    assert client.get(in_admin(Change, "change", change.pk)).status_code == 404


def test_a_reviewer_of_labour_standards_reviews_no_injuries(hami: World, sign_in: SignIn) -> None:
    person = UserFactory(username="standards-only")
    MembershipFactory(user=person, role=Role.REVIEWER, section=STANDARDS)
    client = sign_in(person)
    assert client.get(in_admin(Submission, "change", standards(hami.hami).pk)).status_code == 200
    for form in forms(hami)[:3]:
        assert client.get(in_admin(Submission, "change", form.pk)).status_code == 404
