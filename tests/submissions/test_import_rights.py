"""Import of records: who may say what, what is locked, and what is asked about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.environment.models import ResourceUse
from apps.organisation.models import Membership
from apps.submissions.models import Submission
from tests.factories import World
from tests.submissions.exchange_files import CLERK, imported, row, stored

Act = Callable[..., Submission]


def test_another_site_is_as_good_as_none(world: World, tmp_path: Path) -> None:
    """The clerk of Hami learns nothing about Baishan, not even that it is there."""
    known = imported(tmp_path, row(site="BAISHAN"), **CLERK)[0]
    unknown = imported(tmp_path, row(site="BOTSWANA"), **CLERK)[0]
    by_name = imported(tmp_path, row(site="白山"), **CLERK)[0]
    assert "BAISHAN" in known
    assert known.replace("BAISHAN", "?") == unknown.replace("BOTSWANA", "?") == by_name.replace("白山", "?")
    assert "You may enter data for: HAMI." in known
    assert not ResourceUse.objects.exists()


@pytest.mark.parametrize("username", ["reviewer", "auditor", "administrator", "lead-reviewer"])
def test_reading_is_not_entering(world: World, tmp_path: Path, username: str) -> None:
    out, error = imported(tmp_path, row(), username=username)
    assert error and "You may read the data of Hami (Environment) and not enter any" in out
    assert stored(world) is None


def test_a_right_in_one_section_is_none_in_another(world: World, tmp_path: Path) -> None:
    Membership.objects.filter(user=world.clerk).update(section="workforce")
    assert "and not enter any" in imported(tmp_path, row(), **CLERK)[0]


def test_somebody_without_a_role_has_no_sites(world: World, tmp_path: Path) -> None:
    assert (
        "“HAMI” is none of your sites. You may enter data for: –." in imported(tmp_path, row(), username="stranger")[0]
    )


def test_an_unknown_or_inactive_person_is_refused(world: World, tmp_path: Path) -> None:
    assert "no active person" in imported(tmp_path, row(), username="nobody")[1]
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)
    assert "no active person" in imported(tmp_path, row(), **CLERK)[1]


@pytest.mark.parametrize("as_operator", [True, False])
def test_an_approved_row_is_not_changed_and_named(
    world: World, tmp_path: Path, approve: Act, as_operator: bool
) -> None:
    approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    options: dict[str, Any] = {} if as_operator else CLERK
    out, error = imported(tmp_path, row(period="2020-04"), row(quantity="281"), **options)
    assert "row 3, period (B): “Environment · Hami · March 2020” is locked (Approved)" in out
    assert error and stored(world, month=4) is None
    record = stored(world)
    assert record is not None and record.quantity == 2_805_000


def test_what_is_handed_in_is_locked_for_new_rows_too(world: World, tmp_path: Path, hand_in: Act) -> None:
    from tests.factories import ResourceFactory

    hand_in(world.submission(world.hami, 3), world.clerk)
    ResourceFactory(code="petrol", unit_code="L")
    assert "locked" in imported(tmp_path, row(item="petrol", quantity="5", unit="L"), **CLERK)[0]


def test_an_approved_row_that_says_the_same_is_unchanged(world: World, tmp_path: Path, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 3), world.clerk, world.reviewer)
    out, error = imported(tmp_path, row(quantity="280.50"), **CLERK)
    assert not error and "1 unchanged" in out
    assert world.submission(world.hami, 3).revision == submission.revision


def test_an_import_makes_its_person_a_preparer(world: World, tmp_path: Path, hand_in: Act) -> None:
    """Four eyes hold whatever the door: whoever imports a row does not approve it."""
    from apps.submissions import policies

    Membership.objects.create(user=world.reviewer, role="preparer", site=world.hami)
    imported(tmp_path, row(quantity="281"), username="reviewer")
    submission = hand_in(world.submission(world.hami, 3), world.clerk)
    assert not policies.may_approve(User.objects.get(pk=world.reviewer.pk), submission)
    assert policies.may_approve(world.second_reviewer, submission)


def test_ten_thousand_times_too_much_is_asked_about(world: World, tmp_path: Path) -> None:
    usual = [row(period=f"2020-{month:02}", quantity=f"28{month}", unit="万kWh") for month in range(1, 4)]
    imported(tmp_path, *usual, **CLERK)
    out, error = imported(tmp_path, row(period="2020-04", quantity="285", unit="kWh"), **CLERK)
    assert not error and "1 new" in out
    assert "warning: row 2: Environment · Hami · April 2020: Electricity: 285 kWh is about 1/10,000" in out
    assert "Did you mean 万kWh?" in out


def test_months_of_one_file_are_compared_with_each_other(world: World, tmp_path: Path) -> None:
    units = {4: "kWh"}
    rows = [row(period=f"2020-{month:02}", quantity="285", unit=units.get(month, "万kWh")) for month in range(1, 5)]
    out, _error = imported(tmp_path, *rows, dry_run=True, **CLERK)
    assert "warning: row 5:" in out and out.count("warning:") == 1


def test_the_submissions_are_locked_before_they_are_read(world: World, tmp_path: Path) -> None:
    """Whoever hands in or saves at the same time waits. A dry run keeps nobody waiting."""

    def locks(dry_run: bool) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            imported(tmp_path, row(), dry_run=dry_run, **CLERK)
        return [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]

    assert locks(dry_run=True) == []
    [lock] = locks(dry_run=False)
    assert 'OF "submissions_submission"' in lock and 'ORDER BY "submissions_submission"."id"' in lock
