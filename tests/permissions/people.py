"""One row of everything about people, at Hami: what the URLs of the workforce are asked with."""

from django.utils import timezone

from apps.submissions import services
from apps.submissions.models import Submission
from apps.workforce import models as workforce
from apps.workforce.sections import BREAKDOWN, SAFETY, STANDARDS
from tests.factories import (
    AccidentTypeFactory,
    AssignmentFactory,
    DimensionFactory,
    DiseaseCategoryFactory,
    LabourItemFactory,
    StandardItemFactory,
    TrainingTopicFactory,
    WorkforceGroupFactory,
    WorkforceMeasureFactory,
    World,
)
from tests.workforce import records


def put_people(world: World) -> Submission:
    """Opens the three sections, enters one record of each kind, and returns the breakdown, which is open."""
    gender = DimensionFactory(code="gender", gives_total=True, roster_column="gender")
    WorkforceGroupFactory(code="women", dimension=gender)
    measure = WorkforceMeasureFactory(kind="year_end")
    item, statement = LabourItemFactory(), StandardItemFactory()
    AccidentTypeFactory()
    DiseaseCategoryFactory()
    TrainingTopicFactory()
    workforce.SiteLabourItem.objects.create(site=world.hami, item=item)
    workforce.YearConvention.objects.create(year=world.year)
    for section in (BREAKDOWN, SAFETY, STANDARDS):
        AssignmentFactory(site=world.hami, section=section)
    services.match_assignments(world.year)

    form = records.breakdown(world.hami)
    records.put_count(form, measure.kind, "women", 80)
    now = timezone.now()
    workforce.RosterUpload.objects.create(submission=form, sha256="0" * 64, line_count=80, entered_at=now)
    march, april = records.month(world.hami, 3), records.month(world.hami, 4)
    records.put_labour(march, item.code, 100)
    records.put_follow_up(april, records.put_injury(march, days=5), days=3)
    records.put_disease(march)
    records.put_course(march, "2", women=10)
    workforce.SafetyMeasure.objects.create(
        submission=march, kind="equipment", description="Guards at the conveyors", entered_at=now
    )
    standards = records.standards(world.hami)
    records.put_standard(standards, statement.code, 80)
    workforce.Remedy.objects.create(
        submission=standards,
        kind="forced_labour",
        found_on=standards.period.starts_on,
        steps="Deposits paid back",
        entered_at=now,
    )
    return form
