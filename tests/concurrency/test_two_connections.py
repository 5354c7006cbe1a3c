"""Two people at once, on two real connections with real commits."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections, transaction

from apps.environment.models import ProductionSum, ResourceUse
from apps.indicators.sums.proofs import broken_sums
from apps.submissions import services, workflow
from apps.submissions.entry import Cell
from apps.submissions.models import Seal, Submission, SubmissionEvent
from tests.factories import World
from tests.saving import save_cells

Act = Callable[..., Submission]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    return World()


def in_thread(function: Callable[[], object]) -> object:
    """Runs on a connection of its own and closes it."""
    try:
        return function()
    except Exception as error:
        return error
    finally:
        connections.close_all()


def both(*functions: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(in_thread, functions))


def waits_for_a_lock() -> None:
    """Returns once another connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.005)")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")


def test_an_edit_that_began_first_lands_before_the_handing_in(committed_world: World, fill_in: Act) -> None:
    world = committed_world
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ResourceUse.objects.filter(submission=submission, resource_item=world.coal).update(note="by hand")
            handing_in = pool.submit(
                in_thread,
                lambda: workflow.submit(submission_id=submission.pk, user=world.clerk, revision=submission.revision),
            )
            waits_for_a_lock()
        assert isinstance(handing_in.result(), Submission)
    assert ResourceUse.objects.get(submission=submission, resource_item=world.coal).note == "by hand"


def test_an_edit_that_began_second_is_refused(committed_world: World, fill_in: Act) -> None:
    world = committed_world
    submission = fill_in(world.submission(world.hami, 3), world.clerk)

    def edit() -> object:
        return ResourceUse.objects.filter(submission=submission, resource_item=world.coal).update(note="too late")

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            workflow.submit(submission_id=submission.pk, user=world.clerk, revision=submission.revision)
            editing = pool.submit(in_thread, edit)
            waits_for_a_lock()
        assert isinstance(editing.result(), IntegrityError)
    assert ResourceUse.objects.get(submission=submission, resource_item=world.coal).note == ""


def test_of_two_approvals_one_succeeds(committed_world: World, hand_in: Act) -> None:
    world = committed_world
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    start = threading.Barrier(2)

    def approve(user: object) -> Callable[[], object]:
        def run() -> object:
            start.wait()
            return workflow.approve(submission_id=submission.pk, user=user)  # type: ignore[arg-type]

        return run

    results = both(approve(world.reviewer), approve(world.second_reviewer))
    assert sorted(type(result).__name__ for result in results) == ["Refused", "Submission"]
    assert SubmissionEvent.objects.filter(submission=submission, verb="approved").count() == 1
    assert Seal.objects.count() == 1


def test_of_two_savers_the_second_sees_a_conflict(committed_world: World) -> None:
    world = committed_world
    submission = world.submission(world.hami, 3)
    start = threading.Barrier(2)

    def save(value: str) -> Callable[[], object]:
        def run() -> object:
            start.wait()
            return save_cells(
                submission_id=submission.pk,
                user=world.clerk,
                revision=0,
                cells={"resource:coal": Cell(value=value, unit="t")},
            )

        return run

    results = both(save("1"), save("2"))
    assert sorted(result.conflict for result in results) == [False, True]  # type: ignore[attr-defined]
    submission.refresh_from_db()
    assert submission.revision == 1


def test_approvals_of_different_submissions_make_one_chain(committed_world: World, hand_in: Act) -> None:
    world = committed_world
    submissions = [hand_in(world.submission(world.hami, month), world.clerk) for month in (1, 2, 3, 4)]
    start = threading.Barrier(4)

    def approve(pk: int) -> Callable[[], object]:
        def run() -> object:
            start.wait()
            return workflow.approve(submission_id=pk, user=world.reviewer)

        return run

    both(*(approve(submission.pk) for submission in submissions))
    seals = list(Seal.objects.order_by("pk"))
    assert len(seals) == 4
    assert [seal.previous_digest for seal in seals] == ["", *(seal.digest for seal in seals[:-1])]


def test_a_year_opened_by_two_people_at_once_opens_once(committed_world: World) -> None:
    world = committed_world
    from tests.factories import ReportingYearFactory

    year = ReportingYearFactory(code="2021")
    start = threading.Barrier(2)

    def open_year() -> object:
        start.wait()
        return services.open_year(year)

    assert sorted(both(open_year, open_year), key=str) == [0, 24]
    assert Submission.objects.filter(period__year=year).count() == 24
    assert world.year.periods.count() == 13


def test_two_approvals_at_one_site_both_stand_in_its_yearly_sums(committed_world: World, hand_in: Act) -> None:
    """The first holds the sum while the second waits for it, and then adds to what the first wrote."""
    world = committed_world
    january, february = (hand_in(world.submission(world.hami, month), world.clerk) for month in (1, 2))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            workflow.approve(submission_id=january.pk, user=world.reviewer)
            approving = pool.submit(
                in_thread, lambda: workflow.approve(submission_id=february.pk, user=world.second_reviewer)
            )
            waits_for_a_lock()
        assert isinstance(approving.result(), Submission)
    assert [(kept.row_count, kept.quantity) for kept in ProductionSum.objects.all()] == [(2, 4000)]
    assert list(broken_sums()) == []
