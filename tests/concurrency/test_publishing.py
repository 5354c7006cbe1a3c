"""Publishing while somebody else publishes, or approves a form of the year."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from apps.audit.context import acting_as
from apps.reporting import publishing
from apps.reporting.content.canonical import parsed
from apps.reporting.models import Edition
from apps.submissions import workflow
from apps.submissions.models import Submission
from tests.concurrency.test_two_connections import both, in_thread, waits_for_a_lock
from tests.reporting.published_world import ELECTRICITY, PublishedWorld

Act = Callable[..., Submission]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None, approve: Act) -> PublishedWorld:
    world = PublishedWorld(approve)
    world.state()
    return world


def publish(world: PublishedWorld) -> object:
    with acting_as(world.lead, "test"):
        return publishing.publish(year=world.year, user=world.lead, remark="Late.")


def test_a_year_is_published_once(world: PublishedWorld) -> None:
    outcomes = both(lambda: publish(world), lambda: publish(world))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Edition", "Refused"]
    assert Edition.objects.count() == 1


def test_an_approval_that_began_first_is_in_the_edition(world: PublishedWorld, hand_in: Act) -> None:
    form = hand_in(world.submission(world.hami, 4), world.clerk)
    with ThreadPoolExecutor(1) as pool:
        with acting_as(world.reviewer, "test"), transaction.atomic():
            workflow.approve(submission_id=form.pk, user=world.reviewer)
            publishing_now = pool.submit(in_thread, lambda: publish(world))
            waits_for_a_lock()
        assert isinstance(publishing_now.result(), Edition)
    figure = parsed(Edition.objects.get().content)["figures"][ELECTRICITY]["places"]["HAMI"]
    assert figure["value"] == "5610000"


def test_people_go_on_with_open_forms_meanwhile_and_an_approval_is_noticed(world: PublishedWorld, approve: Act) -> None:
    form = world.submission(world.hami, 5)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        held = publishing.hold_still(publishing.locked_year(world.year.pk))
        publishing.require_still(world.year, held)
        going_on = pool.submit(in_thread, lambda: approve(form, world.clerk, world.reviewer))
        assert isinstance(going_on.result(timeout=60), Submission)
        with pytest.raises(publishing.Refused, match="A form was approved in the meantime"):
            publishing.require_still(world.year, held)
