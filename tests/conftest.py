"""Fixtures every test may use, and the strictness all of them live under."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import translation

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.core.message_catalogues import compile_stale
from apps.submissions import checks, workflow
from apps.submissions.entry import Cell
from apps.submissions.models import Explanation, NothingToReport, Submission
from apps.submissions.sheets import load_sheet
from tests.factories import World
from tests.saving import save_cells

# Playwright's synchronous interface runs an event loop, in which Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_SWITCH = """
DO $$ DECLARE guarded regclass; BEGIN
    FOR guarded IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'no_truncate' LOOP
        EXECUTE format('ALTER TABLE %s {} TRIGGER no_truncate', guarded);
    END LOOP;
END $$
"""
# Pages are asked for in three languages, so the catalogues have to be the current ones.
compile_stale(settings.BASE_DIR)

_flush = DatabaseOperations.sql_flush


def _flush_past_the_triggers(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
    """Tests with real commits empty the tables afterwards, which the triggers rightly refuse."""
    statements = _flush(self, *args, **kwargs)
    if not statements:
        return statements
    return [_SWITCH.format("DISABLE"), *statements, _SWITCH.format("ENABLE")]


DatabaseOperations.sql_flush = _flush_past_the_triggers  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


# A usual month of one site, as typed.
USUAL_MONTH = {
    "production:magnesium": Cell(value="2000", unit="t"),
    "resource:electricity": Cell(value="280.5", unit="万kWh"),
    "resource:diesel": Cell(value="40", unit="L"),
    "resource:coal": Cell(value="5,300", unit="t", how="invoiced"),
    "waste:waste_oil/sold": Cell(value="800", unit="kg"),
    "packaging:wrap": Cell(value="0.7", unit="t"),
}


@pytest.fixture
def fill_in() -> Callable[..., Submission]:
    """Enters a usual month as the clerk; keyword ``cells`` changes single rows."""

    def enter(submission: Submission, user: User | None, cells: dict[str, Cell] | None = None) -> Submission:
        with acting_as(user, "test"):
            result = save_cells(
                submission_id=submission.pk, user=user, revision=None, cells={**USUAL_MONTH, **(cells or {})}
            )
            assert not result.problems and not result.conflict
            NothingToReport.objects.get_or_create(submission=submission, table="stack_test")
        submission.refresh_from_db()
        return submission

    return enter


@pytest.fixture
def hand_in(fill_in: Callable[..., Submission]) -> Callable[..., Submission]:
    """Enters, explains whatever is questioned, and hands in."""

    def enter_and_submit(submission: Submission, user: User, cells: dict[str, Cell] | None = None) -> Submission:
        fill_in(submission, user, cells)
        with acting_as(user, "test"):
            for finding in checks.run(load_sheet(submission)):
                if finding.severity == "warning":
                    Explanation.objects.update_or_create(
                        submission=submission,
                        finding=finding.code,
                        row=finding.row,
                        defaults={"fingerprint": finding.fingerprint, "text": "It is so.", "written_by": user},
                    )
            workflow.submit(submission_id=submission.pk, user=user, revision=submission.revision)
        submission.refresh_from_db()
        return submission

    return enter_and_submit


@pytest.fixture
def approve(hand_in: Callable[..., Submission]) -> Callable[..., Submission]:
    """Enters, hands in and approves."""

    def all_the_way(
        submission: Submission, user: User, reviewer: User, cells: dict[str, Cell] | None = None
    ) -> Submission:
        hand_in(submission, user, cells)
        with acting_as(reviewer, "test"):
            workflow.approve(submission_id=submission.pk, user=reviewer)
        submission.refresh_from_db()
        return submission

    return all_the_way
