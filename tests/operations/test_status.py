"""What watches the portal: health addresses, and the command for monitors."""

import datetime as dt
import io

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from apps.core import health, replica
from apps.jobs import services
from apps.jobs.models import Job
from apps.organisation.models import ReportingYear, Site
from apps.submissions.models import NothingToReport, Submission
from esgportal import replica_pages
from tests.factories import World
from tests.jobs import sample_kinds  # noqa: F401 - makes the kinds known
from tests.permissions.test_every_url import walk


def status() -> tuple[dict[str, int], str]:
    out = io.StringIO()
    trouble = ""
    try:
        call_command("portal_status", stdout=out)
    except CommandError as error:
        trouble = str(error)
    return {name: int(number) for name, number in (line.split() for line in out.getvalue().splitlines())}, trouble


def test_a_job_that_waits_too_long_is_told_of(world: World) -> None:
    assert status()[0]["jobs_waiting"] == 0 and not status()[1]
    services.start("test_count", user=world.clerk, arguments={"to": 1}, title="Counting")
    numbers, trouble = status()
    assert numbers["jobs_waiting"] == 1 and not trouble
    Job.objects.update(enqueued_at=timezone.now() - dt.timedelta(minutes=6))
    numbers, trouble = status()
    assert numbers["jobs_oldest_waiting_seconds"] > 300 and "is a worker running?" in trouble
    now = timezone.now() - dt.timedelta(minutes=3)
    Job.objects.update(state="running", attempts=1, started_at=now, heartbeat_at=now)
    assert "silent" in status()[1]


@pytest.mark.django_db
def test_health_is_told_to_anybody_and_costs_next_to_nothing() -> None:
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content, len(queries)) == (200, b"alive\n", 0)
    assert client.get("/readyz").content == b"ready\n"
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/readyz").status_code == 200
    assert len(queries) == 1
    assert not answer.cookies and "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_missing_tables_are_told_to_the_load_balancer(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(health._Migrations, "are_applied", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are missing\n")


def test_only_pages_that_are_there_are_read_from_the_replica() -> None:
    names = {name for name, _pattern in walk(get_resolver())}
    assert names >= replica_pages.PAGES | replica_pages.NEWS
    assert not replica_pages.PAGES & replica_pages.NEWS


def test_every_model_that_decides_about_people_stays_with_the_primary() -> None:

    known = {app.label for app in apps.get_app_configs()} | {"django_cache"}
    for name in replica_pages.NEVER:
        label, _dot, model = name.partition(".")
        assert label in known and (not model or apps.get_model(label, model)), name


def test_a_report_that_begins_to_write_or_to_lock_is_read_on_at_the_primary(world: World) -> None:
    """Counters and sessions are no such writes; rows that are made and never saved are none either."""
    reading = replica.Reading()
    with connection.execute_wrapper(replica.watch(reading)):
        ReportingYear(code="2031", starts_on=world.year.starts_on)
        Submission(site=world.hami)
        cache.set("counter", 1)
        Client().force_login(world.clerk)
        assert list(Site.objects.all()) and not reading.is_over
        Site.objects.select_for_update().get(code="HAMI")
        assert reading.is_over
        for change in (
            lambda: Site.objects.filter(code="HAMI").update(position=3),
            lambda: NothingToReport.objects.create(submission=world.submission(world.hami, 1), table="stack_test"),
            lambda: NothingToReport.objects.all().delete(),
        ):
            reading.is_over = False
            change()
            assert reading.is_over
