"""Pages that a process keeps while nothing is written: asked for again they cost nothing, and no change is missed."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core.unchanged import KeptWhileUnchanged
from apps.environment.models import Product, Resource
from apps.organisation.models import Group, Membership, Site
from apps.submissions import services, workflow
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from tests.factories import ReportingYearFactory, World

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]
PAGES = ("/figures/2020/?site=HAMI", "/figures/2020/", "/figures/sites/HAMI/")


def content(client: Client, page: str) -> str:
    answer = client.get(page)
    return answer.content.decode().partition("<main")[2] if answer.status_code == 200 else str(answer.status_code)


def cost(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


def is_kept(client: Client, page: str) -> bool:
    """Whether it costs the session, the person, the state of the database, and the transaction around the last.

    Tests that run beside this one write to the same server, which is enough for a page to be made anew: it is asked for
    until nobody does for a moment.
    """
    return any(cost(client, page) <= 5 for _time in range(200))


def elsewhere(statement: str) -> None:
    """Somebody else's connection, which commits."""
    settings = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: settings[name] for name in names if settings.get(name)}) as other:
        other.execute(statement)  # type: ignore[arg-type]


@pytest.fixture
def approved(world: World, approve: Act) -> World:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    return world


def test_a_page_is_kept_until_somebody_writes(approved: World, sign_in: SignIn) -> None:
    client = sign_in(approved.reviewer)
    for page in PAGES:
        first = content(client, page)
        assert is_kept(client, page)
        assert content(client, page) == first
        elsewhere("UPDATE organisation_site SET position = position")
        assert cost(client, page) > 5
    with CaptureQueriesContext(connection) as queries:
        assert sign_in(approved.clerk).get(PAGES[0]).status_code == 200
        assert sign_in(approved.other_clerk).get(PAGES[0]).status_code == 404
    assert len(queries) > 10


def test_whatever_changes_is_on_the_next_page(approved: World, sign_in: SignIn, approve: Act) -> None:
    world = approved
    client = sign_in(world.reviewer)

    def february() -> None:
        cells = {"resource:coal": Cell(value="77", unit="t", how="invoiced")}
        approve(world.submission(world.hami, 2), world.clerk, world.reviewer, cells)

    def reopened() -> None:
        form = world.submission(world.hami, 2)
        workflow.reopen(submission_id=form.pk, user=world.lead, reason="Once more.")

    coal, reviewer = Resource.objects.filter(pk=world.coal.pk), User.objects.filter(pk=world.reviewer.pk)
    changes: dict[str, Callable[[], object]] = {
        "an approval": february,
        "a reopening": reopened,
        "a title": lambda: coal.update(name_en="Lignite"),
        "its decimals": lambda: coal.update(decimals=3),
        "what counts as output": lambda: Product.objects.update(counts_as_output=False),
        "the name of the site": lambda: Site.objects.filter(code="HAMI").update(name_en="Kumul"),
        "a year": lambda: services.open_year(ReportingYearFactory(code="2021")),
        "the language": lambda: reviewer.update(language="zh-hans"),
        "a role": lambda: Membership.objects.filter(user=world.reviewer).delete(),
    }
    # Output is a figure of its own on the pages of a year.
    elsewhere_too = {"what counts as output": set(PAGES[:2])}
    for what, change in changes.items():
        before = {page: content(client, page) for page in PAGES}
        assert {page: content(client, page) for page in PAGES} == before, what
        change()
        assert {page for page in PAGES if content(client, page) != before[page]} >= elsewhere_too.get(
            what, set(PAGES)
        ), what
        for page in PAGES[:2]:  # another address of the same page, of which nothing is kept
            assert content(client, page) == content(client, f"{page}{'&' if '?' in page else '?'}as={len(what)}"), what
    assert content(client, PAGES[0]) == "404"


def test_what_a_transaction_writes_itself_is_never_kept(transactional_db: None) -> None:
    kept: KeptWhileUnchanged[str] = KeptWhileUnchanged(2)

    def name() -> str:
        return kept.get("name", lambda: Group.objects.get().name_en)

    Group.current()
    elsewhere("UPDATE organisation_group SET name_en = 'One'")
    assert name() == name() == "One"
    with transaction.atomic():
        Group.objects.update(name_en="Two")
        assert name() == "Two"
        transaction.set_rollback(True)
    assert name() == "One"

    def changed_meanwhile() -> str:
        found = Group.objects.get().name_en
        elsewhere("UPDATE organisation_group SET name_en = 'Three'")
        return found

    assert kept.get("other", changed_meanwhile) == "One"
    assert kept.get("other", lambda: Group.objects.get().name_en) == "Three"
