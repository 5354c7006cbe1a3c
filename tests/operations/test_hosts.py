"""Two web hosts and a worker with one database and one store of files: whatever one knows, the others know."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from apps.environment.models import ResourceUse
from apps.jobs.models import Job
from apps.submissions.models import Evidence, Submission
from tests.factories import World
from tests.operations.conftest import Store
from tests.operations.processes import Person, Web, database_url, form_action, let_in, production, web, worker
from tests.submissions.exchange_files import csv_bytes, row, table

Act = Callable[..., Submission]

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60


def test_whatever_one_host_knows_the_others_know(
    committed_world: World, approve: Act, fill_in: Act, store: Store, tmp_path: Path, static_files: Path
) -> None:
    world = committed_world
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    form = fill_in(world.submission(world.hami, 2), world.clerk)
    let_in(world.clerk, world.lead, world.auditor)
    environment = production(tmp_path, database_url(), ESGPORTAL_STATIC_ROOT=str(static_files), **store.environment)
    with web(tmp_path, environment) as one, web(tmp_path, environment) as other, worker(environment):
        clerk, lead = Person(name=world.clerk.username), Person(name=world.lead.username)
        _signed_in_at_both(one, other, clerk, lead)
        _evidence(one, other, clerk, form, store)
        _import(one, other, clerk)
        _job(one, other, lead, store)
        _attempts_are_counted_together(one, other, world.auditor.username)
        _one_goes_and_the_other_goes_on(one, other, clerk)
    assert not (tmp_path / "media").exists()  # nothing lies on a host


def _signed_in_at_both(one: Web, other: Web, clerk: Person, lead: Person) -> None:
    assert clerk.sign_in(one).status == 302
    assert lead.sign_in(other).status == 302
    page = clerk.get(other, "/")
    assert page.status == 200 and lead.get(one, "/").status == 200
    # The same release on both: a page of one names files that the other has.
    sheet = re.search(r'href="(/static/css/base\.[0-9a-f]{12}\.css)"', page.text)
    assert sheet
    file = clerk.get(one, sheet.group(1))
    assert file.status == 200 and "immutable" in file.headers["Cache-Control"]
    # Signing out at one is signing out at the other.
    leaving = Person(name=lead.name)
    leaving.sign_in(one)
    leaving.post(other, "/accounts/logout/", {})
    assert leaving.get(one, "/").status == 302


def _evidence(one: Web, other: Web, clerk: Person, form: Submission, store: Store) -> None:
    address = reverse("submissions:evidence_upload", args=[form.pk])
    assert clerk.post(one, address, {"row": ""}, ("meter.txt", b"280.5")).status == 302
    kept = Evidence.objects.get()
    assert clerk.get(other, reverse("submissions:evidence", args=[kept.pk])).content == b"280.5"
    assert store.names() == [f"portal/{kept.file.name}"]


def _import(one: Web, other: Web, clerk: Person) -> None:
    """Uploaded at one host, checked at the other, imported at the first."""
    content = csv_bytes(table(row(period="2020-05", quantity="123.4")))
    sent = clerk.post(one, reverse("exchange:import"), {}, ("records.csv", content))
    assert sent.status == 302, sent.text
    check = clerk.get(other, sent.headers["Location"])
    assert check.status == 200
    done = clerk.post(one, form_action(check.text, "/apply/"), {"sheet": ""})
    assert done.status == 302, done.text
    imported = ResourceUse.objects.get(submission__period__code="2020-05", submission__site__code="HAMI")
    assert imported.quantity == 1_234_000


def _job(one: Web, other: Web, lead: Person, store: Store) -> None:
    """Asked for at one host, done by the worker, fetched from the other."""
    address = reverse("reporting:evidence_pack", args=["2020", "ENV-OUTPUT"])
    asked = lead.post(one, address, {})
    assert asked.status == 302, asked.text
    job = Job.objects.get()
    for _ in range(SECONDS * 10):
        job.refresh_from_db()
        if not job.is_pending:
            break
        time.sleep(0.1)
    assert job.state == "done", job.error
    pack = lead.get(other, reverse("jobs:download", args=[job.pk]))
    assert pack.status == 200 and pack.content.startswith(b"PK")
    assert store.names("portal/jobs/") == [f"portal/{job.result.name}"]


def _attempts_are_counted_together(one: Web, other: Web, name: str) -> None:
    """Five wrong passwords in five minutes, wherever: the right one has to wait as well."""
    somebody = Person(name=name, address="198.51.100.8")
    for host in (one, other, one, other, one):
        assert somebody.sign_in(host, "a wrong password 7").status == 200
    refused = somebody.sign_in(other)
    assert refused.status in (200, 429) and "sessionid" not in somebody.cookies
    # Nobody else has to wait: the proxy's word for where they come from counts, not the proxy.
    assert Person(name="lead-reviewer", address="198.51.100.9").sign_in(other).status == 302


def _one_goes_and_the_other_goes_on(one: Web, other: Web, clerk: Person) -> None:
    one.process.terminate()
    assert one.process.wait(SECONDS) == 0
    assert clerk.get(other, "/").status == 200
