"""What the database counts of a form is what the entry page says of it."""

import datetime as dt
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.context import acting_as
from apps.environment.models import SiteResource
from apps.organisation.models import Period
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.submissions.progress import Progress, progress_of
from apps.submissions.sections import sections
from apps.submissions.sheets import load_sheet
from tests.factories import (
    LocalHiringItemFactory,
    ResourceFactory,
    StandardItemFactory,
    StatementItemFactory,
    WorkforceGroupFactory,
    WorkforceMeasureFactory,
    World,
)
from tests.saving import save_cells

_UNKNOWN = Cell(value="", unit="", how="not_available_yet", note="The meter is being mended.")


def told_by_the_sheet(submission: Submission) -> Progress:
    sheet = load_sheet(submission)
    missing = [row.id for row in sheet.rows.values() if row.expected and row.record is None]
    return Progress(sheet.rows_answered, sheet.rows_expected, next(iter(missing), ""))


def answer(submission: Submission, world: World, *rows: str) -> None:
    with acting_as(world.clerk, "test"):
        result = save_cells(submission_id=submission.pk, user=None, revision=None, cells=dict.fromkeys(rows, _UNKNOWN))
    assert result.saved == len(rows)


def forms_of_every_section(world: World) -> list[Submission]:
    """Of the first period that each section has; rows that every site answers, some of them not in this year."""
    for make in (StandardItemFactory, StatementItemFactory, LocalHiringItemFactory):
        make.create(position=2)
        make.create(position=1)
        make.create(position=3, valid_until=dt.date(2019, 12, 31))
    WorkforceMeasureFactory.create()
    WorkforceGroupFactory.create(position=5)
    WorkforceGroupFactory.create(position=4, valid_from=dt.date(2021, 1, 1))
    WorkforceGroupFactory.create(position=3)
    for section in sections:
        period = Period.objects.filter(frequency=section.frequency).order_by("starts_on")[0]
        Submission.objects.get_or_create(site=world.baishan, period=period, section=section.code)
    return list(Submission.objects.with_place().filter(site=world.baishan))


def test_the_database_counts_what_the_page_shows(world: World, fill_in: Callable[..., Submission]) -> None:
    diesel = SiteResource.objects.get(site=world.hami, resource_item=world.diesel)
    diesel.valid_until = dt.date(2020, 3, 10)
    diesel.save()
    # It begins again in the month in which it ended, one month later another begins before all others.
    SiteResource.objects.create(site=world.hami, resource_item=world.diesel, valid_from=dt.date(2020, 3, 20))
    first = ResourceFactory.create(position=0)
    SiteResource.objects.create(site=world.hami, resource_item=first, valid_from=dt.date(2020, 4, 15))
    for month in (1, 3, 5):
        fill_in(world.submission(world.hami, month), world.clerk)
    answer(world.submission(world.hami, 2), world, "production:magnesium", "resource:electricity", "packaging:wrap")
    # What is recorded and no longer expected counts for nothing.
    fill_in(world.submission(world.hami, 6), world.clerk)
    SiteResource.objects.filter(site=world.hami, resource_item=world.coal).update(valid_until=dt.date(2020, 5, 31))
    for form in forms_of_every_section(world):
        rows = load_sheet(form).rows.values()
        for row in [row.id for row in rows if row.expected and row.record is None][:1]:
            answer(form, world, row)

    forms = list(Submission.objects.with_place())
    with CaptureQueriesContext(connection) as queries:
        progress = progress_of(forms)
    assert progress == {form.pk: told_by_the_sheet(form) for form in forms}
    march, april = world.submission(world.hami, 3), world.submission(world.hami, 4)
    assert progress[march.pk] == Progress(6, 6, "")
    assert progress[april.pk] == Progress(0, 7, "production:magnesium")
    assert progress[world.submission(world.hami, 2).pk].first_missing == "resource:diesel"
    assert progress[world.submission(world.hami, 6).pk].rows_expected == 6
    partly = {form.section for form in forms if 0 < progress[form.pk].rows_answered < progress[form.pk].rows_expected}
    assert {"environment", "labour_standards", "workforce", "local_hiring", "product_year"} <= partly
    assert sum("WITH forms" in query["sql"] for query in queries) == 1
