"""A published row is corrected: two people, a list of what moves, the next edition, and the old one as it was."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.environment.models import Target
from apps.reporting import edition_files, restating
from apps.reporting.content.canonical import parsed
from apps.reporting.models import (
    Edition,
    EditionFile,
    RestatedFigure,
    Restatement,
    Statement,
    StatementEvent,
    TargetVerdict,
)
from apps.reporting.publishing import Refused
from apps.reporting.targets import review_target
from apps.submissions import workflow
from apps.submissions.entry import Cell
from apps.submissions.models import Submission, Unlock
from tests.by_hand import refused
from tests.factories import TargetFactory
from tests.jobs.running import run_waiting
from tests.reporting.published_world import CAUSE, ELECTRICITY, Act, PublishedWorld
from tests.reporting.test_targets import put_progress
from tests.saving import save_cells

SignIn = Callable[[User], Client]

CASES = "/report/2020/restatements/"


@pytest.fixture
def world(db: None, approve: Act) -> PublishedWorld:
    world = PublishedWorld(approve)
    world.state()
    world.publish()
    return world


def test_a_row_is_restated_from_the_review_page_to_the_note(world: PublishedWorld, sign_in: SignIn) -> None:
    first = Edition.objects.get()
    edition_files.make_files(first)
    before = {file.pk: hashlib.sha256(file.data).hexdigest() for file in EditionFile.objects.all()}
    lead, second = sign_in(world.lead), sign_in(world.second_lead)
    review = f"/admin/submissions/submission/{world.form.pk}/change/"
    link = f"{CASES}open/?form={world.form.pk}"
    assert (
        link in lead.get(review).content.decode() and link not in sign_in(world.reviewer).get(review).content.decode()
    )

    causes = {f"cause_{code.replace('-', '_')}": text for code, text in CAUSE.items()}
    said = {"kind": "data", "submission": world.form.pk, **causes}
    lacking = lead.post(link, said | {"submission": "", "cause_en": "Only in English"})
    assert lacking.status_code == 422 and "Only in English" in lacking.content.decode()
    answer = lead.post(link, said)
    case = Restatement.objects.get()
    assert answer["Location"] == f"{CASES}{case.pk}/" and case.submission == world.form
    page = lead.get(answer["Location"]).content.decode()
    assert CAUSE["en"] in page and "No figure differs." in page and review in page
    assert "unlocked for a restatement: A meter was read twice." in lead.get(review).content.decode()
    assert "Nothing differs from the published edition" in lead.post(f"{CASES}{case.pk}/list/").content.decode()

    world.correct()
    assert "−25" in page.replace("-25", "−25") or "-25.0 %" in lead.get(f"{CASES}{case.pk}/").content.decode()
    assert lead.post(f"{CASES}{case.pk}/list/").status_code == 302
    page = lead.get(f"{CASES}{case.pk}/").content.decode()
    assert "5,610,000" in page and "4,207,500" in page and "-25.0 %" in page
    assert "Approve and publish" not in page and "neither opened nor prepared it" in page
    assert lead.post(f"{CASES}{case.pk}/approve/", {"comment": ""}).status_code == 403

    assert "Approve and publish" in second.get(f"{CASES}{case.pk}/").content.decode()
    answer = second.post(f"{CASES}{case.pk}/approve/", {"comment": "Seen the meter."})
    assert answer["Location"].startswith("/jobs/")
    run_waiting()
    case.refresh_from_db()
    edition = Edition.objects.get(number=2)
    assert (case.state, case.decided_by, case.edition) == ("approved", world.second_lead, edition)
    content = parsed(edition.content)
    assert content["previous_sha256"] == first.sha256
    assert content["figures"][ELECTRICITY]["places"][""]["value"] == "4207500"
    assert content["provisions"][0]["statement"]["en"] == "We used 4,207,500 kWh."
    noted = content["restatements"][0]
    assert (noted["edition"], noted["prepared_by"], noted["approved_by"]) == (
        2,
        "Lead Reviewer",
        "Second Lead Reviewer",
    )
    assert {(each["code"], each["site"], each["old"], each["new"], each["change"]) for each in noted["figures"]} >= {
        (ELECTRICITY, "", "5610000", "4207500", "-25"),
        (ELECTRICITY, "HAMI", "2805000", "1402500", "-50"),
        (f"{ELECTRICITY}-D", "", "1402.5", "1051.875", "-25"),
        (f"{ELECTRICITY}-D", "HAMI", "1402.5", "701.25", "-50"),
    }
    assert not edition_files.missing_files(edition)

    # The old edition and its files are what they were, and are still to be had.
    assert {pk: hashlib.sha256(EditionFile.objects.get(pk=pk).data).hexdigest() for pk in before} == before
    assert Edition.objects.get(number=1).content == first.content
    auditor = sign_in(world.auditor)
    assert "Edition 2 took its place." in auditor.get("/report/2020/editions/1/").content.decode()
    note = auditor.get(CASES).content.decode()
    assert CAUSE["en"] in note and "5,610,000" in note and "4,207,500" in note and "Second Lead Reviewer" in note
    assert "differs from published" not in auditor.get("/figures/2020/").content.decode()
    assert "Every figure is as published" in auditor.get("/report/2020/publish/").content.decode()
    assert not Unlock.objects.filter(closed_at__isnull=True).exists()
    with pytest.raises(PermissionDenied):
        workflow.reopen(submission_id=world.form.pk, user=world.lead, reason="Once more.")


def test_what_is_refused_on_the_way(world: PublishedWorld, sign_in: SignIn) -> None:
    with pytest.raises(Refused, match="Choose the approved form"):
        world.open(submission=world.submission(world.hami, 5))
    with pytest.raises(Refused, match="all three languages"):
        world.open(cause=CAUSE | {"zh-hant": " "})
    with pytest.raises(PermissionDenied):
        world.open(world.reviewer)
    case = world.open()
    with pytest.raises(Refused, match="Another restatement"):
        world.open(kind="method", submission=None)
    with acting_as(world.lead, "test"):
        workflow.reopen(submission_id=world.form.pk, user=world.lead, reason="The meter.")
    for act in (restating.prepare, lambda **who: restating.withdraw(**who, reason="A slip.")):
        with pytest.raises(Refused, match="is not approved again yet"):
            act(restatement_id=case.pk, user=world.lead)
    world.form = world._approve(world.form, world.clerk, world.reviewer)
    case.refresh_from_db()
    with pytest.raises(Refused, match="Nothing differs"):
        world.prepare(case)
    # Approved again as it was: it may be withdrawn, and its form is locked.
    page = sign_in(world.lead).post(f"{CASES}{case.pk}/withdraw/", {"reason": ""})
    assert page.status_code == 422
    assert sign_in(world.lead).post(f"{CASES}{case.pk}/withdraw/", {"reason": "A slip."}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.decision) == ("withdrawn", "A slip.")
    assert not Unlock.objects.filter(closed_at__isnull=True).exists()
    assert Edition.objects.count() == 1


def test_a_list_that_is_no_longer_right_is_not_approved(world: PublishedWorld, sign_in: SignIn) -> None:
    case = world.open()
    world.correct()
    with pytest.raises(Refused, match="Undo the correction"):
        restating.withdraw(restatement_id=case.pk, user=world.lead, reason="A slip.")
    world.prepare(case, world.lead)
    world._approve(world.submission(world.baishan, 3), world.other_clerk, world.reviewer)
    second = sign_in(world.second_lead)
    second.post(f"{CASES}{case.pk}/approve/", {"comment": ""})
    run_waiting()
    assert Edition.objects.count() == 1
    with pytest.raises(Refused, match="The figures moved since"):
        world.agree(case)
    assert second.post(f"{CASES}{case.pk}/send-back/", {"reason": "March came in."}).status_code == 302
    assert "March came in." in second.get(f"{CASES}{case.pk}/").content.decode()
    world.prepare(case, world.lead)
    assert set(RestatedFigure.objects.values_list("round", flat=True)) == {1, 2}
    edition = world.agree(case)
    moved = {(each["code"], each["site"]) for each in parsed(edition.content)["restatements"][0]["figures"]}
    assert ("ENV-WASTE-HAZ", "BAISHAN") in moved or any(site == "BAISHAN" for _code, site in moved)
    with pytest.raises(Refused, match="somebody was quicker"):
        world.agree(case)


def test_words_are_restated(world: PublishedWorld, sign_in: SignIn) -> None:
    case = world.open(kind="words", submission=None)
    statement = Statement.objects.get(code="A1.GD")
    with pytest.raises(Refused, match="Nothing differs"):
        world.prepare(case)
    statement.state = "returned"
    statement.revision += 1
    statement.approved_by = statement.approved_at = None
    statement.save()
    StatementEvent.objects.create(
        statement=statement, verb="reopened", actor=world.lead, revision=statement.revision, comment="Wrong."
    )
    with pytest.raises(Refused, match="These statements are not approved yet: A1.GD"):
        world.prepare(case)
    statement.text_en = "We bought {ENV-RES-ELECTRICITY}."
    statement.revision += 1
    statement.save()
    StatementEvent.objects.create(statement=statement, verb="saved", actor=world.reviewer, revision=statement.revision)
    world.approve_words(statement)
    shown = sign_in(world.lead).get(f"{CASES}{case.pk}/").content.decode()
    assert "We bought 5,610,000 kWh." in shown and "We used 5,610,000 kWh." in shown
    world.prepare(case)
    edition = world.agree(case)
    assert parsed(edition.content)["provisions"][0]["statement"]["en"] == "We bought 5,610,000 kWh."
    assert parsed(edition.content)["restatements"][0]["figures"] == []


def say(world: PublishedWorld, form: Submission, target: Target, value: str) -> None:
    """The form is reopened, and another value of the target is approved."""
    cells = {f"target:{target.code}": Cell(value=value, unit=target.unit_code, how="calculated", note="Said so.")}
    with acting_as(world.lead, "test"):
        workflow.reopen(submission_id=form.pk, user=world.lead, reason="Read again.")
    with acting_as(world.clerk, "test"):
        save_cells(submission_id=form.pk, user=world.clerk, revision=None, cells=cells)
        form.refresh_from_db()
        workflow.submit(submission_id=form.pk, user=world.clerk, revision=form.revision)
    with acting_as(world.reviewer, "test"):
        workflow.approve(submission_id=form.pk, user=world.reviewer)


def test_what_a_form_says_beside_figures_is_restated_too(db: None, approve: Act, sign_in: SignIn) -> None:
    """A site's progress on a target stands in the document and is no figure."""
    world = PublishedWorld(approve)
    world.state()
    target = TargetFactory(code="power", base_value="100", target_value="90", decimals=0)
    put_progress(world, {world.hami: {target: "95"}})
    world.publish()
    form = Submission.objects.get(section="environment_targets")
    case = world.open(submission=form)
    with pytest.raises(Refused, match="Nothing differs"):
        world.prepare(case)
    say(world, form, target, "93")
    page = sign_in(world.lead).get(f"{CASES}{case.pk}/").content.decode()
    assert "2025: 90 · 95 kWh/t" in page and "2025: 90 · 93 kWh/t" in page
    with pytest.raises(Refused, match="Undo the correction"):
        restating.withdraw(restatement_id=case.pk, user=world.lead, reason="A slip.")
    world.prepare(case)
    # Opened once more behind the list: what is approved is not what was seen.
    say(world, form, target, "91")
    with pytest.raises(Refused, match="since the list was made"):
        world.agree(case)
    restating.send_back(restatement_id=case.pk, user=world.second_lead, reason="Look again.")
    world.prepare(case)
    assert parsed(world.agree(case).content)["targets"][0]["current"] == "91"


def test_the_review_of_a_target_is_not_changed_by_the_way(world: PublishedWorld) -> None:
    target = TargetFactory(code="power", base_year=2019)
    said = {"verdict": TargetVerdict.BEHIND, "reviewed_on": dt.date(2021, 3, 1), "reviewed_by": "Board", "remark": ""}
    case = world.open(kind="words", submission=None)
    with acting_as(world.reviewer, "test"):
        review_target(year_id=world.year.pk, target_id=target.pk, user=world.reviewer, **said)
    with pytest.raises(Refused, match="Undo the correction"):
        restating.withdraw(restatement_id=case.pk, user=world.lead, reason="A slip.")
    world.prepare(case)
    change = "UPDATE reporting_targetreview SET verdict = 'reached'"
    assert "stay as they are" in refused(change)
    assert "who prepared it" in refused(
        "UPDATE reporting_restatement SET state = 'approved', prepared_by_id = %s, decided_by_id = %s",
        world.reviewer.pk,
        world.second_lead.pk,
    )
    world.agree(case)
    assert "stay as they are" in refused("DELETE FROM reporting_targetreview")


def test_a_site_that_no_text_holds_is_no_server_error(world: PublishedWorld, sign_in: SignIn) -> None:
    assert sign_in(world.lead).get(f"{CASES}open/", {"site": "\x00"}).status_code == 200
