"""One record of each kind that the workforce has, for what must hold for all of them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from apps.submissions.models import Record
from apps.workforce.models import (
    DiseaseCase,
    Injury,
    InjuryFollowUp,
    LabourRecord,
    Remedy,
    RosterUpload,
    SafetyMeasure,
    StandardRecord,
    TrainingCourse,
    WorkforceCount,
)
from tests.factories import World
from tests.workforce.records import (
    breakdown,
    month,
    put_count,
    put_course,
    put_disease,
    put_follow_up,
    put_injury,
    put_labour,
    put_standard,
    standards,
)

Make = Callable[[World, int], Any]


def follow_up(world: World, number: int) -> InjuryFollowUp:
    return put_follow_up(month(world.hami, 4), put_injury(month(world.hami, 3 - number)))


def remedy(world: World, number: int) -> Remedy:
    return Remedy.objects.create(
        submission=standards(world.hami),
        kind="child_labour",
        found_on=dt.date(2020, 4, 1),
        steps=f"Step {number}",
        entered_at=timezone.now(),
    )


def measure(world: World, number: int) -> SafetyMeasure:
    return SafetyMeasure.objects.create(
        submission=month(world.hami, 3), kind="drill", description=f"Drill {number}", entered_at=timezone.now()
    )


def roster(world: World, number: int) -> RosterUpload:
    return RosterUpload.objects.create(
        submission=breakdown(world.hami), sha256=f"{number}" * 64, line_count=3, entered_at=timezone.now()
    )


# One record of each kind at Hami; those of different numbers stand beside each other.
MAKE: dict[type[Record], Make] = {
    WorkforceCount: lambda world, n: put_count(breakdown(world.hami), "year_end", ("women", "men")[n], 80),
    RosterUpload: roster,
    LabourRecord: lambda world, n: put_labour(month(world.hami, 3), ("earplugs", "dust_masks")[n], 80),
    StandardRecord: lambda world, n: put_standard(standards(world.hami), ("union_members", "annual_leave")[n], 80),
    Remedy: remedy,
    Injury: lambda world, n: put_injury(month(world.hami, 3), day=5 + n),
    InjuryFollowUp: follow_up,
    DiseaseCase: lambda world, n: put_disease(month(world.hami, 3), day=5 + n),
    SafetyMeasure: measure,
    TrainingCourse: lambda world, n: put_course(month(world.hami, 3), "2", women=3, day=5 + n),
}
