"""The code and the statement: drafts are changed, issued versions are only replaced."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.documents import services
from apps.anti_corruption.models import Document, DocumentVersion, Duty, Question, QuestionKind
from apps.audit.context import acting_as
from tests.anti_corruption.records import TEXTS, Integrity, draft, issued, round_of
from tests.by_hand import refused, words

SignIn = Callable[[User], Client]
LANGUAGES = ("en", "zh-hans", "zh-hant")


def told(number: str = "2020", day: str = "2020-01-01", *, asks: bool = False, **changes: str) -> dict[str, str]:
    """What the page of a draft sends."""
    data = {"number": number, "effective_on": day}
    data |= {f"text_{language}": f"{TEXTS[language]}\r\n\r\n<b>2</b>" for language in LANGUAGES}
    if asks:
        for kind in QuestionKind.values:
            data |= {f"{kind}_{language}": f"{kind} {language}?" for language in LANGUAGES}
    return {**data, **changes}


def prepared(client: Client, document: Document, data: dict[str, str]) -> DocumentVersion:
    response = client.post(reverse("integrity:version_prepare", args=[document.pk]), data)
    assert response.status_code == 302, words(response)
    return DocumentVersion.objects.latest("pk")


def issue_page(client: Client, version: DocumentVersion) -> Any:
    """Opens the page that asks once more, and sends what it holds."""
    url = reverse("integrity:version_issue", args=[version.pk])
    seen = client.get(url).context["seen"]
    return client.post(url, {"seen": seen})


def test_a_statement_is_prepared_looked_at_and_issued(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    version = prepared(client, integrity.statement, told(asks=True))
    page = words(client.get(reverse("integrity:version", args=[version.pk])))
    assert "This is a draft." in page and "&lt;b&gt;2&lt;/b&gt;" in page
    assert issue_page(client, version).status_code == 302
    version.refresh_from_db()
    assert version.issued_by == integrity.officer and version.text_en == "Be honest.\n\n<b>2</b>"
    # By hand, from what was typed.
    content = {
        "document": "assurance_statement",
        "kind": "statement",
        "titles": {
            "en": "Assurance Statement", "zh-hans": "简 assurance_statement", "zh-hant": "繁 assurance_statement",
        },
        "version": "2020",
        "in_force_from": "2020-01-01",
        "texts": {language: f"{TEXTS[language]}\n\n<b>2</b>" for language in LANGUAGES},
        "questions": [
            {"kind": kind, "texts": {language: f"{kind} {language}?" for language in LANGUAGES}}
            for kind in (
                "own_interests", "family_in_group", "family_at_partners", "gifts", "hospitality", "loans",
                "outside_work", "wrongdoing",
            )
        ],
    }  # fmt: skip
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert version.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    chinese = client.get(reverse("integrity:version", args=[version.pk]), {"language": "zh-hant"})
    assert TEXTS["zh-hant"] in words(chinese) and version.sha256 in words(chinese)
    assert "loans zh-hant?" in words(chinese) and TEXTS["en"] not in words(chinese)


def test_an_unfinished_draft_is_saved_and_not_issued(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    version = prepared(client, integrity.code, told(**{"text_zh-hant": ""}))
    url = reverse("integrity:version_issue", args=[version.pk])
    assert "Enter the text in all three languages." in words(client.get(url))
    response = client.post(url, {"seen": client.get(url).context["seen"]})
    assert response.status_code == 422 and "Issue for good" not in words(response)
    version.refresh_from_db()
    assert not version.is_issued
    wrong = client.post(
        reverse("integrity:version_prepare", args=[integrity.statement.pk]), told(asks=True, gifts_en="")
    )
    assert wrong.status_code == 422
    assert not DocumentVersion.objects.filter(document=integrity.statement).exists()


def test_a_draft_is_changed_and_discarded(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    version = prepared(client, integrity.statement, told(asks=True))
    data = told("2020a", "2020-02-01", asks=True, loans_en="Any loans?", text_en="Stay honest.")
    assert client.post(reverse("integrity:version_edit", args=[version.pk]), data).status_code == 302
    version.refresh_from_db()
    assert (version.number, version.effective_on, version.text_en) == ("2020a", dt.date(2020, 2, 1), "Stay honest.")
    assert version.questions.get(kind="loans").text_en == "Any loans?"
    discard = reverse("integrity:version_discard", args=[version.pk])
    assert "This cannot be undone." in words(client.get(discard))
    client.post(discard)
    assert not DocumentVersion.objects.exists() and not Question._default_manager.exists()


def test_what_is_issued_is_what_was_looked_at(integrity: Integrity, sign_in: SignIn) -> None:
    first, second = sign_in(integrity.officer), sign_in(integrity.second_officer)
    version = prepared(first, integrity.code, told())
    url = reverse("integrity:version_issue", args=[version.pk])
    seen = first.get(url).context["seen"]
    second.post(reverse("integrity:version_edit", args=[version.pk]), told(text_en="Be careful."))
    response = first.post(url, {"seen": seen})
    assert response.status_code == 422
    assert "Somebody changed this draft meanwhile. Look at it once more." in words(response)
    assert not DocumentVersion.objects.issued().exists()


def test_an_issued_version_stays(integrity: Integrity, sign_in: SignIn) -> None:
    version = issued(integrity.statement, integrity.officer)
    client = sign_in(integrity.officer)
    response = client.post(
        reverse("integrity:version_edit", args=[version.pk]), told("9", asks=True, text_en="Other"), follow=True
    )
    assert "This version is issued and stays as it is." in words(response)
    for name in ("version_issue", "version_discard"):
        client.post(reverse(f"integrity:{name}", args=[version.pk]))
    with acting_as(integrity.officer, "test"), pytest.raises(services.DocumentError), transaction.atomic():
        services.change(
            user=integrity.officer, version_id=version.pk, number="9", effective_on=dt.date(2021, 1, 1), texts={}
        )
    with acting_as(integrity.officer, "test"), pytest.raises(services.DocumentError), transaction.atomic():
        services.discard(user=integrity.officer, version_id=version.pk)
    before = version.sha256
    version.refresh_from_db()
    assert (version.number, version.text_en, version.sha256) == ("1", "Be honest. (1)", before)
    assert version.questions.count() == 8


def test_the_database_keeps_issued_versions(integrity: Integrity) -> None:
    version = issued(integrity.statement, integrity.officer)
    table = "anti_corruption_documentversion"
    for column in ("text_en = 'x'", "text_zh_hans = 'x'", "number = '9'", "effective_on = '2021-01-01'", "sha256 = ''"):
        assert "stays as it is" in refused(f"UPDATE {table} SET {column} WHERE id = %s", version.pk)
    assert "stays as it is" in refused(f"UPDATE {table} SET issued_at = NULL WHERE id = %s", version.pk)
    assert "stays as it is" in refused(f"DELETE FROM {table} WHERE id = %s", version.pk)
    asked = "anti_corruption_question"
    assert "stay as they are" in refused(f"UPDATE {asked} SET text_en = 'x' WHERE version_id = %s", version.pk)
    assert "stay as they are" in refused(f"DELETE FROM {asked} WHERE version_id = %s", version.pk)
    other = draft(integrity.statement, integrity.officer, "2", dt.date(2021, 1, 1))
    assert "stay as they are" in refused(
        f"UPDATE {asked} SET version_id = %s WHERE version_id = %s", version.pk, other.pk
    )


def test_the_database_refuses_to_issue_what_is_not_whole(integrity: Integrity) -> None:
    issued(integrity.statement, integrity.officer, "1", dt.date(2020, 6, 1))
    make_final = (
        "UPDATE anti_corruption_documentversion SET issued_at = now(), issued_by_id = %s, sha256 = repeat('a', 64)"
        " WHERE id = %s"
    )
    officer = integrity.officer.pk
    early = draft(integrity.statement, integrity.officer, "0", dt.date(2020, 6, 1))
    with acting_as(integrity.officer, "test"):
        assert "before the one it replaces" in refused(make_final, officer, early.pk)
    seven = draft(integrity.statement, integrity.officer, "2", dt.date(2021, 1, 1))
    seven.questions.filter(kind="loans").delete()
    with acting_as(integrity.officer, "test"):
        assert "all eight questions" in refused(make_final, officer, seven.pk)
    silent = draft(integrity.code, integrity.officer, "3", dt.date(2021, 1, 1))
    DocumentVersion.objects.filter(pk=silent.pk).update(text_zh_hant="")
    with acting_as(integrity.officer, "test"):
        assert "documentversion_issued_whole" in refused(make_final, officer, silent.pk)
    assert "starts as a draft" in refused(
        "INSERT INTO anti_corruption_documentversion (document_id, number, effective_on, text_en, text_zh_hans,"
        " text_zh_hant, prepared_by_id, prepared_at, issued_by_id, issued_at, sha256)"
        " VALUES (%s, '7', '2022-01-01', 'a', 'b', 'c', %s, now(), %s, now(), repeat('a', 64))",
        integrity.code.pk, officer, officer,
    )  # fmt: skip


def test_a_version_takes_effect_later_than_the_one_it_replaces(integrity: Integrity, sign_in: SignIn) -> None:
    issued(integrity.code, integrity.officer, "1", dt.date(2020, 6, 1))
    client = sign_in(integrity.officer)
    version = prepared(client, integrity.code, told("2", "2020-06-01"))
    url = reverse("integrity:version_issue", args=[version.pk])
    assert "Version 1 holds from 2020-06-01. Choose a later first day." in words(client.get(url))
    assert issue_page(client, version).status_code == 422
    same_name = client.post(reverse("integrity:version_prepare", args=[integrity.code.pk]), told("1", "2021-01-01"))
    assert same_name.status_code == 422 and "The document has a version of this name." in words(same_name)


def test_a_first_day_in_another_age_is_refused(integrity: Integrity, sign_in: SignIn) -> None:
    """An issued version cannot be taken back, and later ones take effect after it."""
    client, latest = sign_in(integrity.officer), timezone.localdate() + dt.timedelta(days=366)
    for number, day in (("far", latest + dt.timedelta(days=1)), ("farthest", dt.date(9999, 12, 31))):
        version = draft(integrity.code, integrity.officer, number, day)
        page = client.get(reverse("integrity:version_issue", args=[version.pk]))
        assert page.status_code == 200
        assert f"more than a year ahead. Choose {latest.isoformat()} or an earlier one." in words(page)
        assert issue_page(client, version).status_code == 422
    assert not DocumentVersion.objects.issued().exists()
    assert issue_page(client, draft(integrity.code, integrity.officer, "next", latest)).status_code == 302


def test_each_version_holds_until_the_next(integrity: Integrity, sign_in: SignIn) -> None:
    today = timezone.localdate()
    first = issued(integrity.code, integrity.officer, "first", dt.date(2020, 1, 1))
    second = issued(integrity.code, integrity.officer, "second", today)
    third = issued(integrity.code, integrity.officer, "third", today + dt.timedelta(days=1))

    def holding(day: dt.date) -> list[DocumentVersion]:
        return list(DocumentVersion.objects.in_force(day))

    assert holding(dt.date(2019, 12, 31)) == []
    assert holding(dt.date(2020, 1, 1)) == [first] == holding(today - dt.timedelta(days=1))
    assert holding(today) == [second]
    assert holding(today + dt.timedelta(days=1)) == [third]
    draft(integrity.code, integrity.officer, "fourth", today + dt.timedelta(days=9))
    page = words(sign_in(integrity.officer).get(reverse("integrity:documents")))
    places = [
        page.index(row) for row in ("fourth ✎ Not issued", "third ◔ Coming", "second ✓ In force", "first · Earlier")
    ]
    assert places == sorted(places)
    replaced = words(sign_in(integrity.officer).get(reverse("integrity:version", args=[first.pk])))
    assert "Version second replaces this one" in replaced


def test_a_new_draft_starts_from_the_version_in_force(integrity: Integrity, sign_in: SignIn) -> None:
    first = draft(integrity.statement, integrity.officer)
    first.questions.filter(kind="gifts").update(text_en="Any gifts at all?")
    with acting_as(integrity.officer, "test"):
        services.issue(user=integrity.officer, version_id=first.pk)
        second = services.prepare(
            user=integrity.officer,
            document=integrity.statement,
            number="2",
            effective_on=dt.date(2021, 1, 1),
            texts={"en": "Two"},
        )
    assert second.questions.get(kind="gifts").text_en == "Any gifts at all?"
    assert second.questions.count() == 8 and second.text_zh_hans == ""
    page = sign_in(integrity.officer).get(reverse("integrity:version_prepare", args=[integrity.statement.pk]))
    assert "Any gifts at all?" in words(page) and "Be honest. (1)" in words(page)


def test_the_page_says_whom_issuing_asks(integrity: Integrity, sign_in: SignIn) -> None:
    world, today = integrity.world, timezone.localdate()
    integrity.holder(world.clerk, world.hami)
    integrity.holder(world.clerk, world.baishan, integrity.heading)
    integrity.holder(world.reviewer, world.baishan)
    client = sign_in(integrity.officer)
    code = draft(integrity.code, integrity.officer)
    page = words(client.get(reverse("integrity:version_issue", args=[code.pk])))
    assert "Nobody is asked to sign yet" in page and "can never be changed or deleted" in page
    issue_page(client, code)
    assert not Duty.objects.exists()
    statement = draft(integrity.statement, integrity.officer)
    due = today + dt.timedelta(days=30)
    page = words(client.get(reverse("integrity:version_issue", args=[statement.pk])))
    assert f"2 people who hold important positions are asked to sign at once, by {due.isoformat()}." in page
    issue_page(client, statement)
    assert sorted(Duty.objects.values_list("user__username", "due_on")) == [("clerk-hami", due), ("reviewer", due)]
    later = draft(integrity.statement, integrity.officer, "2", today + dt.timedelta(days=10))
    page = words(client.get(reverse("integrity:version_issue", args=[later.pk])))
    assert "today those are 2 people" in page and (today + dt.timedelta(days=40)).isoformat() in page
    assert "2 people have not signed the version before." in page


def test_who_is_overdue_by_then_does_not_sign_the_new_version_instead(integrity: Integrity, sign_in: SignIn) -> None:
    world, today = integrity.world, timezone.localdate()
    round_of(integrity, world.clerk, due_in=-1, opened=20)
    round_of(integrity, world.other_clerk, due_in=4)
    round_of(integrity, world.reviewer, due_in=5)
    new = draft(integrity.statement, integrity.officer, "2", today + dt.timedelta(days=5))
    page = words(sign_in(integrity.officer).get(reverse("integrity:version_issue", args=[new.pk])))
    assert "1 person has not signed the version before." in page


def test_who_reads_and_who_prepares(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    version = issued(integrity.code, integrity.officer)
    secret = draft(integrity.code, integrity.officer, "2", dt.date(2021, 1, 1))
    open_page = reverse("integrity:version", args=[version.pk])
    draft_page = reverse("integrity:version", args=[secret.pk])
    prepare = reverse("integrity:version_prepare", args=[integrity.code.pk])
    for user in (world.clerk, world.administrator, world.lead, integrity.hami_officer, integrity.reader):
        client = sign_in(user)
        assert client.get(open_page).status_code == 200
        assert client.get(draft_page).status_code == 404, user
        assert "Not issued" not in words(client.get(reverse("integrity:documents")))
        assert client.get(prepare).status_code == 403 == client.post(prepare, told("3", "2022-01-01")).status_code
        for name in ("version_edit", "version_issue", "version_discard"):
            assert client.get(reverse(f"integrity:{name}", args=[secret.pk])).status_code == 404
            assert client.post(reverse(f"integrity:{name}", args=[version.pk])).status_code == 403
        with acting_as(user, "test"):
            with pytest.raises(PermissionDenied):
                services.prepare(
                    user=user, document=integrity.code, number="8", effective_on=dt.date(2022, 1, 1), texts=TEXTS
                )
            with pytest.raises(Http404):
                services.issue(user=user, version_id=secret.pk)
    stranger = sign_in(world.stranger)
    assert {stranger.get(url).status_code for url in (open_page, prepare, reverse("integrity:documents"))} == {404}


def test_a_declarant_without_a_role_reads_what_they_sign(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    integrity.holder(world.stranger, world.hami)
    for document in (integrity.code, integrity.statement):
        version = draft(document, integrity.officer)
        with acting_as(integrity.officer, "test"):
            services.issue(user=integrity.officer, version_id=version.pk)
    assert TEXTS["en"] in words(sign_in(world.stranger).get(reverse("integrity:version", args=[version.pk])))


def test_the_list_costs_the_same_however_many_versions(integrity: Integrity, sign_in: SignIn) -> None:
    client, url = sign_in(integrity.officer), reverse("integrity:documents")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    issued(integrity.code, integrity.officer, "1", dt.date(2019, 1, 1))
    few = cost()
    for year in range(2020, 2026):
        issued(integrity.code, integrity.officer, str(year), dt.date(year, 1, 1))
        issued(integrity.statement, integrity.officer, str(year), dt.date(year, 1, 1))
    assert cost() == few
