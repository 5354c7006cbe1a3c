"""A year is published: the checklist, the edition with its files, and what is marked once something beneath changes."""

import hashlib
import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from apps.accounts.models import User
from apps.organisation.models import ReportingYear
from apps.reporting import edition_files, publishing
from apps.reporting.checklist import checklist
from apps.reporting.content.builder import build
from apps.reporting.content.canonical import canonical, parsed
from apps.reporting.content.figures import load_figures
from apps.reporting.models import Edition, EditionFile
from apps.submissions import workflow
from apps.submissions.services import open_year
from tests.factories import ReportingYearFactory
from tests.jobs.running import run_waiting
from tests.reporting.published_world import ELECTRICITY, Act, PublishedWorld

SignIn = Callable[[User], Client]

PAGE = "/report/2020/publish/"
READY = {"remark": "The other months are late.", "confirm": "2020"}


@pytest.fixture
def world(db: None, approve: Act) -> PublishedWorld:
    return PublishedWorld(approve)


def test_a_year_is_published_on_its_page(world: PublishedWorld, sign_in: SignIn) -> None:
    lead = sign_in(world.lead)
    page = lead.get(PAGE).content.decode()
    assert "1 provision is neither disclosed nor explained" in page and "A1.GD" in page and "A3.1" not in page
    assert lead.post(PAGE, READY).status_code == 422

    world.state(text="We used {ENV-RES-ELECTRICITY}, after {ENV-RES-ELECTRICITY|last}.")
    page = lead.get(PAGE).content.decode()
    assert "{ENV-RES-ELECTRICITY|last}" in page and "could not be worked out" not in page
    assert lead.post(PAGE, READY).status_code == 422

    world.state("A3.1", kind="explanation")
    with pytest.raises(publishing.Refused, match=r"A1.GD asks for \{ENV-RES-ELECTRICITY\|last\}"):
        world.publish()


def test_an_edition_speaks_english_whoever_publishes_it(world: PublishedWorld) -> None:
    """Its words and bytes do not depend on the language in which somebody works."""
    with translation.override("zh-hans"):
        loaded = load_figures(world.year)
        checklist(world.year, loaded)
        chinese = canonical(build(world.year, loaded=loaded))
    assert canonical(build(world.year)) == chinese
    assert "没有" not in "".join(re.findall(r'"en":"[^"]*"', chinese))


def test_an_edition_holds_what_was_told(world: PublishedWorld, sign_in: SignIn) -> None:
    world.state()
    lead = sign_in(world.lead)
    assert "1 of 12 months approved" in lead.get(PAGE).content.decode()
    wrong = lead.post(PAGE, READY | {"confirm": "2021"})
    assert wrong.status_code == 422 and "The other months are late." in wrong.content.decode()
    assert lead.post(PAGE, {"confirm": "2020"}).status_code == 422  # forms are open, so a remark is wanted
    assert not Edition.objects.exists()

    answer = lead.post(PAGE, READY)
    assert answer.status_code == 302 and answer["Location"].startswith("/jobs/")
    run_waiting()
    edition = Edition.objects.get()
    assert (edition.number, edition.published_by, edition.remark) == (1, world.lead, READY["remark"])
    assert ReportingYear.objects.get().published_at == edition.published_at
    content = parsed(edition.content)
    assert content["provisions"][0]["statement"]["en"] == "We used 5,610,000 kWh."
    assert content["figures"][ELECTRICITY]["places"]["HAMI"]["value"] == "2805000"

    page = lead.get(PAGE).content.decode()
    assert edition.sha256 in page and "Every figure is as published" in page and "Make the files" not in page
    assert EditionFile.objects.count() == len(list(edition_files.wanted_files())) > 10
    auditor = sign_in(world.auditor)
    for file in EditionFile.objects.filter(format__in=["json", "html", "xlsx"]):
        got = auditor.get(f"/report/2020/editions/1/files/{file.pk}/")
        assert got["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert hashlib.sha256(got.content).hexdigest() == file.sha256
    assert EditionFile.objects.get(format="json").sha256 == edition.sha256
    shown = auditor.get("/report/2020/editions/1/?site=HAMI").content.decode()
    assert "2,805,000" in shown and "differs from published" not in shown

    again = lead.post(PAGE, READY, follow=True)
    assert "is published already" in again.content.decode() and Edition.objects.count() == 1


def test_part_of_a_year_is_not_compared_with_the_published_one(world: PublishedWorld, approve: Act) -> None:
    """A month of 2020 stands in its edition; two months of 2021 are no change against it, but its last value."""
    world.state()
    world.publish()
    year = ReportingYearFactory(code="2021")
    open_year(year)
    for month in (1, 2):
        approve(world.submission(world.hami, month, "2021"), world.clerk, world.reviewer)
        at = build(year)["figures"][ELECTRICITY]["places"]["HAMI"]
        assert at["last"] is not None and (at["change"] is not None) == (month == 1)


def test_files_that_a_stopped_run_left_out_are_made_by_the_next(world: PublishedWorld, sign_in: SignIn) -> None:
    world.state()
    edition = world.publish()

    class Killed(Exception):
        pass

    class Until:
        def step(self, done: int, total: int, text: str = "") -> None:
            if done == 2:
                raise Killed

    with pytest.raises(Killed):
        edition_files.make_files(edition, Until())
    first = dict(EditionFile.objects.values_list("pk", "sha256"))
    assert len(first) == 2
    lead = sign_in(world.lead)
    page = lead.get("/report/2020/editions/1/").content.decode()
    assert "12 files are not made yet." in page
    assert lead.post("/report/2020/editions/1/files/").status_code == 302
    run_waiting()
    assert not edition_files.missing_files(edition)
    assert dict(EditionFile.objects.filter(pk__in=first).values_list("pk", "sha256")) == first
    assert edition_files.make_files(edition) == []


def test_what_differs_from_published_is_marked(world: PublishedWorld, sign_in: SignIn) -> None:
    world.state()
    edition = world.publish()
    auditor = sign_in(world.auditor)
    assert "differs from published" not in auditor.get("/figures/2020/").content.decode()
    assert "so in edition 1" in auditor.get(f"/figures/2020/{ELECTRICITY}/").content.decode()

    # A form that was not in is approved afterwards.
    world._approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    page = auditor.get("/figures/2020/").content.decode()
    assert "differs from published: 5,610,000" in page and "Some figures differ from edition 1" in page
    site = auditor.get("/figures/2020/?site=BAISHAN").content.decode()
    assert "differs from published" not in site
    figure = auditor.get(f"/figures/2020/{ELECTRICITY}/").content.decode()
    assert "Published in edition 1" in figure and "+2,805,000" in figure and "+50.0 %" in figure
    provisional = auditor.get(f"/figures/2020/{ELECTRICITY}/?basis=all").content.decode()
    assert "Published in edition 1" not in provisional
    rows = auditor.get("/figures/2020/export/csv").content.decode("utf-8-sig").splitlines()
    line = next(row for row in rows if row.startswith(f"2020,{ELECTRICITY},"))
    assert line.endswith(",5610000") and ",8415000," in line
    marked = auditor.get("/report/2020/editions/1/").content.decode()
    assert marked.count("differs from published") >= 2
    assert "5,610,000" in marked and "8,415,000" in marked
    assert canonical(parsed(edition.content)) == Edition.objects.get().content


def test_who_may_publish_and_who_may_read(world: PublishedWorld, sign_in: SignIn) -> None:
    world.state()
    pages = (PAGE, "/report/2020/restatements/")
    for person, status in ((world.clerk, 404), (world.stranger, 404), (world.auditor, 200), (world.administrator, 200)):
        assert [sign_in(person).get(page).status_code for page in pages] == [status, status], person
    assert sign_in(world.clerk).post(PAGE, READY).status_code == 404
    assert sign_in(world.reviewer).post(PAGE, READY).status_code == 403
    with pytest.raises(PermissionDenied):
        world.publish(world.reviewer)
    edition = world.publish()
    edition_files.make_files(edition)
    file = EditionFile.objects.first()
    assert file is not None
    for path in ("/report/2020/editions/1/", f"/report/2020/editions/1/files/{file.pk}/"):
        assert sign_in(world.clerk).get(path).status_code == 404
    assert sign_in(world.auditor).get("/report/2020/editions/2/").status_code == 404
    assert sign_in(world.auditor).get("/report/2020/editions/1/?site=NOWHERE").status_code == 404
    assert sign_in(world.auditor).get("/report/2020/restatements/open/").status_code == 403
    with pytest.raises(PermissionDenied):
        workflow.reopen(submission_id=world.form.pk, user=world.lead, reason="Only because.")
    shown = sign_in(world.clerk).get(f"/submissions/{world.form.pk}/").content.decode()
    assert "The year 2020 is published, so this form stays as it is." in shown
