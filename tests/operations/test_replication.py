"""Two PostgreSQL servers with streaming replication, and web processes of production before them."""

import datetime as dt
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.utils import timezone

from apps.api import services
from apps.audit.context import acting_as
from apps.submissions.models import Submission
from esgportal.embedded import temporary_dir
from tests.factories import World
from tests.operations.postgres_pair import Server, pair
from tests.operations.processes import Person, Web, command, database_url, let_in, production, web

Act = Callable[..., Submission]

pytestmark = pytest.mark.django_db(transaction=True)

# Two months are 2,000 tonnes each.
FIGURE = "/figures/2020/ENV-OUTPUT/?site=HAMI"
ONE_MONTH, TWO_MONTHS = "2,000", "4,000"
OF_PERSONS = {
    "accounts_user", "api_apitoken", "api_apitokensite", "django_session", "esgportal_cache", "organisation_membership",
}  # fmt: skip
# What a page makes if it is not there is asked of the primary: the name of the group, and whom it protects.
OF_EVERY_PAGE = {"django_content_type", "organisation_group"}
REPORTS = (
    "/figures/2020/",
    FIGURE,
    "/figures/2020/export/csv",
    "/admin/indicators/annualfigures/",
    "/report/dashboard/",
    "/report/2020/",
    "/report/2020/targets/",
    "/records/export/?format=csv&year=2020",
    "/api/v1/figures?year=2020",
    "/api/v1/sites",
    "/admin/audit/change/",
)


def shows(person: Person, host: Web, months: str) -> None:
    answer = person.get(host, FIGURE)
    assert answer.status == 200
    assert f">{months}<" in answer.text.replace("\n", "").replace(" ", ""), answer.text


def approve_over_http(reviewer: Person, host: Web, form: Submission) -> None:
    page = f"/admin/submissions/submission/{form.pk}/"
    answer = reviewer.post(host, f"{page}approve/", {"revision": str(form.revision)})
    assert answer.status == 302, answer.text


def test_reports_come_from_the_replica_as_long_as_it_serves(
    committed_world: World, approve: Act, hand_in: Act, tmp_path: Path, static_files: Path
) -> None:
    world = committed_world
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    form = hand_in(world.submission(world.hami, 2), world.clerk)
    let_in(world.reviewer, world.auditor, world.lead)
    with acting_as(world.administrator, "test"):
        _token, secret = services.make_token(
            name="For the test",
            owner=world.lead,
            sites=(),
            whole_group=True,
            expires_on=timezone.localdate() + dt.timedelta(days=30),
            user=world.administrator,
        )

    with pair(database_url(), temporary_dir()) as (primary, replica):
        environment = production(
            tmp_path,
            primary.url,
            ESGPORTAL_STATIC_ROOT=str(static_files),
            ESGPORTAL_REPLICA_URL=replica.url,
            ESGPORTAL_REPLICA_RETRY_SECONDS="1",
        )
        # The copy is a dump that was read back: it holds, and the replica follows it.
        assert "1 seal(s) hold" in command(environment, "verify_audit")
        assert "replica_reachable 1" in command(environment, "portal_status")
        patient = {**environment, "ESGPORTAL_REPLICA_MAX_LAG_SECONDS": "3600"}
        strict = {**environment, "ESGPORTAL_REPLICA_MAX_LAG_SECONDS": "0"}
        with web(tmp_path, patient) as host, web(tmp_path, strict) as strict_host:
            reviewer, auditor, lead = (
                Person(name=person.username) for person in (world.reviewer, world.auditor, world.lead)
            )
            for person in (reviewer, auditor, lead):
                signed_in = person.sign_in(host)
                assert signed_in.status == 302, (signed_in.text, host.log)
            replica.follows(primary)
            _every_report_is_read_there(replica, primary, host, lead, secret)
            _lagging(replica, primary, host, strict_host, reviewer, auditor, form)
            _roles_hold_at_once(replica, primary, host, lead)
            _gone_in_the_middle_of_a_page(replica, primary, host, auditor)
            _gone_and_back(replica, primary, host, auditor)
            _the_primary_gone(primary, host, auditor)


def _every_report_is_read_there(replica: Server, primary: Server, host: Web, lead: Person, secret: str) -> None:
    """Its rows come from the replica and from nowhere else; who the person is, and what they may do, never does."""
    wrong = []
    for path in REPORTS:
        replica.heard(), primary.heard()
        header = {"Authorization": f"Bearer {secret}"} if path.startswith("/api/") else {}
        answer = lead.get(host, path, header)
        at_replica, at_primary = replica.heard(), primary.heard()
        there, here = (set(re.findall(r'FROM "([a-z_]+)"', heard)) for heard in (at_replica, at_primary))
        if (
            answer.status != 200
            or "BEGIN ISOLATION LEVEL REPEATABLE READ" not in at_replica
            or not there
            or any(table in OF_PERSONS for table in there)
            or not here <= OF_PERSONS | OF_EVERY_PAGE
        ):
            wrong.append((path, answer.status, there & OF_PERSONS, here - OF_PERSONS, sorted(there)[:3]))
    assert wrong == []
    assert lead.get(host, "/").status == 200
    assert "FROM" not in replica.heard()


def _lagging(
    replica: Server, primary: Server, host: Web, strict: Web, reviewer: Person, auditor: Person, form: Submission
) -> None:
    """Who wrote sees it at once, others when the replica has it, and at the latest when the lag is too long."""
    shows(auditor, host, ONE_MONTH)
    replica.ask("SELECT pg_wal_replay_pause()", superuser=True)
    replica.until("SELECT pg_get_wal_replay_pause_state() = 'paused'")
    approve_over_http(reviewer, host, form)
    shows(reviewer, host, TWO_MONTHS)
    shows(auditor, host, ONE_MONTH)  # from the replica, then: the primary knows better
    shows(auditor, strict, TWO_MONTHS)
    # A cookie that somebody bent is no way to the replica, and no error.
    shows(Person(name=auditor.name, cookies={**auditor.cookies, "esgportal_written": "'; --"}), host, TWO_MONTHS)
    replica.ask("SELECT pg_wal_replay_resume()", superuser=True)
    replica.follows(primary)
    shows(auditor, host, TWO_MONTHS)
    # Nothing is written there: what the sessions and counters of these requests needed went to the primary.
    assert replica.ask("SELECT pg_is_in_recovery()") == [(True,)]


def _roles_hold_at_once(replica: Server, primary: Server, host: Web, lead: Person) -> None:
    """A role that was taken away is gone from the very next page, whatever the replica still says."""
    shows(lead, host, TWO_MONTHS)
    replica.ask("SELECT pg_wal_replay_pause()", superuser=True)
    replica.until("SELECT pg_get_wal_replay_pause_state() = 'paused'")
    primary.ask(
        "DELETE FROM organisation_membership USING accounts_user WHERE accounts_user.id = user_id"
        f" AND username = '{lead.name}'"
    )
    assert lead.get(host, FIGURE).status == 404
    replica.ask("SELECT pg_wal_replay_resume()", superuser=True)
    replica.follows(primary)


def _gone_in_the_middle_of_a_page(replica: Server, primary: Server, host: Web, auditor: Person) -> None:
    """A report that hangs at the replica, whose sessions are then cut off: the primary answers it."""
    waiting = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%SELECT%'"
    with ThreadPoolExecutor(1) as pool, primary.session() as session:
        session.execute("LOCK TABLE environment_productionoutput IN ACCESS EXCLUSIVE MODE")
        replica.until(
            "SELECT count(*) > 0 FROM pg_locks WHERE mode = 'AccessExclusiveLock'"
            " AND relation = 'environment_productionoutput'::regclass"
        )
        asked = pool.submit(auditor.get, host, FIGURE)
        replica.until(waiting)
        replica.ask("SELECT pg_wal_replay_pause()", superuser=True)
        replica.until("SELECT pg_get_wal_replay_pause_state() = 'paused'")
        session.rollback()
        replica.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'esgportal'", superuser=True
        )
        answer = asked.result(timeout=60)
    assert (answer.status, TWO_MONTHS in answer.text) == (200, True)
    assert host.log.count("a report was broken off at the replica") == 1
    replica.ask("SELECT pg_wal_replay_resume()", superuser=True)


def _gone_and_back(replica: Server, primary: Server, host: Web, auditor: Person) -> None:
    """Said once in the log, however many pages the primary answers in its place."""
    _serves_again(replica, primary, host, auditor, times=1)
    replica.stop()
    for _ in range(5):
        shows(auditor, host, TWO_MONTHS)
    assert host.log.count("the replica does not serve") == 2
    replica.ensure_running()
    _serves_again(replica, primary, host, auditor, times=2)


def _serves_again(replica: Server, primary: Server, host: Web, auditor: Person, *, times: int) -> None:
    replica.follows(primary)
    for _ in range(100):
        shows(auditor, host, TWO_MONTHS)
        if host.log.count("the replica serves again") == times:
            return
        time.sleep(0.1)
    raise AssertionError(host.log)


def _the_primary_gone(primary: Server, host: Web, auditor: Person) -> None:
    """Without it nobody can sign in or be known: pages say so and what to do, and come back by themselves."""
    primary.stop()
    answer = auditor.get(host, FIGURE)
    assert answer.status == 503 and answer.headers["Retry-After"]
    assert "cannot reach its database" in answer.text or "连接" in answer.text, answer.text
    assert host.health("healthz") == (200, "alive")
    assert host.health("readyz") == (503, "the database does not answer")
    primary.ensure_running()
    # The pool tries again at longer and longer intervals, so the first page may still be without a connection.
    for _ in range(30):
        if auditor.get(host, FIGURE).status == 200:
            break
    shows(auditor, host, TWO_MONTHS)
    assert host.health("readyz") == (200, "ready")
