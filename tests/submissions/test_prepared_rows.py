"""What a check made ready is written as it is, as long as nothing has moved; else the file is checked anew."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.environment.models import ResourceUse
from apps.jobs.models import Job, JobState
from apps.organisation.models import Membership
from apps.submissions.choices import CellState
from apps.submissions.entry import Cell
from tests.factories import World
from tests.jobs.running import run_waiting
from tests.saving import save_cells
from tests.submissions.exchange_files import applied, csv_bytes, outcome, rows, table, upload

SignIn = Callable[[User], Client]
Move = Callable[[World], None]


def checked(client: Client, *lines: dict[str, Any]) -> Any:
    """The page of a check that found nothing wrong."""
    job_page = upload(client, csv_bytes(table(*lines)))
    run_waiting()
    page = outcome(client, job_page)
    assert not page.context["report"].problems
    return page


def kept(user: User) -> list[str]:
    return sorted(default_storage.listdir(f"imports/{user.pk}")[1])


def confirmed(client: Client, page: Any) -> Job:
    job_page = applied(client, page)
    run_waiting()
    return Job.objects.get(pk=job_page.strip("/").split("/")[1])


def make_unreadable(user: User) -> None:
    """Spoils the uploaded file: what is written from here on was made ready by its check."""
    file, _rows = kept(user)
    default_storage.delete(f"imports/{user.pk}/{file}")
    default_storage.save(f"imports/{user.pk}/{file}", ContentFile(b"unreadable"))


def test_a_confirmed_file_is_not_read_again(
    world: World, sign_in: SignIn, long: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = sign_in(world.clerk)
    note = "broken\\n twice, 50 % of\\\\ it"
    lines = [
        *rows(11),
        *rows(12)[11:12],
        {**rows(12)[23], "quantity": "", "unit": "", "state": "not_measured", "note": note},
    ]
    page = checked(client, *lines)
    make_unreadable(world.clerk)
    with django_capture_on_commit_callbacks(execute=True):
        job = confirmed(client, page)
    assert job.state == JobState.DONE, job.error
    assert ResourceUse.objects.count() == len(lines) == 35
    assert kept(world.clerk) == [], "neither the file nor the rows are kept any longer"

    march = ResourceUse.objects.get(submission=world.submission(world.hami, 3), resource_item__code="electricity")
    assert (march.entered_value, march.entered_unit, march.quantity) == (Decimal(103), "万kWh", Decimal(1_030_000))
    assert (march.entered_by, march.state, march.method) == (world.clerk, CellState.VALUE, "metered")
    broken = ResourceUse.objects.get(submission=world.submission(world.hami, 12), resource_item__code="diesel")
    assert (broken.note, broken.quantity, broken.entered_unit) == (note, None, "")
    trail = Change.objects.filter(table="environment_resourceuse", operation="I")
    assert trail.count() == 35 and set(trail.values_list("actor_id", "source")) == {(world.clerk.pk, "job")}
    form = world.submission(world.hami, 3)
    assert (form.revision, form.saved_by) == (1, world.clerk) and form.saved_at == march.entered_at


def test_changed_rows_are_made_ready_too(
    world: World, sign_in: SignIn, long: None, fill_in: Callable[..., Any]
) -> None:
    fill_in(world.submission(world.hami, 3), world.clerk)
    before = {use.pk: use.quantity for use in ResourceUse.objects.all()}
    client = sign_in(world.clerk)
    page = checked(client, *rows())
    assert page.context["report"].changed
    make_unreadable(world.clerk)
    assert confirmed(client, page).state == JobState.DONE
    assert ResourceUse.objects.count() == 36
    march = ResourceUse.objects.filter(submission=world.submission(world.hami, 3))
    values = {use.resource_item.code: (use.entered_value, use.entered_unit) for use in march}
    assert values == {
        code: (Decimal(103), unit) for code, unit in (("electricity", "万kWh"), ("diesel", "L"), ("coal", "t"))
    }
    assert {use.pk for use in march} == set(before), "the rows stay, with other values"
    changes = Change.objects.filter(table="environment_resourceuse", operation="U", source="job")
    assert changes.count() == page.context["report"].changed
    assert set(changes.values_list("actor_id", flat=True)) == {world.clerk.pk}


def density(world: World) -> None:
    world.diesel.tonnes_per_m3 = Decimal("0.9")
    world.diesel.save()


def another_value(world: World) -> None:
    form = world.submission(world.hami, 3)
    with acting_as(world.clerk, "test"):
        save_cells(
            submission_id=form.pk,
            user=world.clerk,
            revision=None,
            cells={"resource:diesel": Cell(value="7", unit="L", how="metered")},
        )


def spoilt_rows(world: World) -> None:
    """Somebody else wrote into the store of files."""
    path = f"imports/{world.clerk.pk}/{kept(world.clerk)[1]}"
    with default_storage.open(path) as file:
        source = zipfile.ZipFile(io.BytesIO(file.read()))
    spoilt = io.BytesIO()
    with zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"103", b"999"))
    default_storage.delete(path)
    default_storage.save(path, ContentFile(spoilt.getvalue()))


def no_rows(world: World) -> None:
    default_storage.delete(f"imports/{world.clerk.pk}/{kept(world.clerk)[1]}")


@pytest.mark.parametrize("move", [density, another_value, spoilt_rows, no_rows])
def test_after_anything_has_moved_the_file_is_checked_anew(
    world: World, sign_in: SignIn, long: None, move: Move
) -> None:
    """Diesel is typed in kilograms, so that its density decides the quantity."""
    client = sign_in(world.clerk)
    lines = [{**line, "unit": "kg"} if line["item"] == "diesel" else line for line in rows()]
    page = checked(client, *lines)
    move(world)
    world.diesel.refresh_from_db()
    assert confirmed(client, page).state == JobState.DONE
    assert ResourceUse.objects.count() == 36
    diesel = ResourceUse.objects.get(submission=world.submission(world.hami, 3), resource_item__code="diesel")
    assert diesel.entered_value == 103
    assert abs(diesel.quantity * world.diesel.tonnes_per_m3 - 103) < Decimal("0.000001")  # type: ignore[operator]


def test_who_lost_the_role_writes_nothing(world: World, sign_in: SignIn, long: None) -> None:
    client = sign_in(world.clerk)
    page = checked(client, *rows())
    Membership.objects.filter(user=world.clerk).update(site=world.baishan)
    job = confirmed(client, page)
    assert job.state == JobState.FAILED and "Nothing was written" in job.error
    assert not ResourceUse.objects.exists() and world.submission(world.hami, 3).revision == 0


def test_statements_do_not_grow_with_the_rows(world: World, sign_in: SignIn, long: None) -> None:
    client = sign_in(world.clerk)

    def statements(months: int) -> int:
        page = checked(client, *rows(months))
        applied(client, page)
        with CaptureQueriesContext(connection) as queries:
            run_waiting()
        ResourceUse.objects.all().delete()
        return len(queries)

    statements(3)
    assert statements(3) == statements(12)
