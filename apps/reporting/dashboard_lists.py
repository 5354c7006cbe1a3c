"""The lists of a dashboard: tests that are not lower than the limit, how far forms are approved, what is to be done."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import pgettext
from django_stubs_ext import StrPromise

from apps.accounts.models import User
from apps.environment.models import StackTest
from apps.indicators import policies
from apps.indicators.basis import recorded
from apps.indicators.choice import Choice
from apps.indicators.figures import Coverage
from apps.indicators.monthly import MonthlyFigures
from apps.organisation.choices import Frequency
from apps.organisation.models import ReportingYear
from apps.organisation.sites_in import at_sites
from apps.submissions import overview, work
from apps.submissions.choices import OPEN_STATES, State
from apps.submissions.findings import row_id
from apps.submissions.models import Submission
from apps.submissions.sections import sections

# More of them are counted, and found on the figure's own page.
MOST: Final = 30
_TESTS: Final = "stack_test"
_SECTION: Final = "environment"


@dataclass(frozen=True, kw_only=True)
class Exceedance:
    """One test, and where it was entered; ``url`` is empty for who may not read the form."""

    test: Any
    url: str


@dataclass(frozen=True, kw_only=True)
class Exceedances:
    """The newest of them, and how many there are."""

    listed: Sequence[Exceedance]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.listed)


@dataclass(frozen=True, kw_only=True)
class CoverageCell:
    """The forms of a section for one month."""

    label: str
    coverage: Coverage

    @property
    def state(self) -> str:
        """“all”, “some”, “none”, or “” where no form is expected."""
        if not self.coverage.expected:
            return ""
        if self.coverage.approved == self.coverage.expected:
            return "all"
        return "some" if self.coverage.approved else "none"

    @property
    def sign(self) -> str:
        """Beside the numbers, so that a glance is enough."""
        return {"all": "●", "some": "◔", "none": "○"}.get(self.state, "")


@dataclass(frozen=True, kw_only=True)
class CoverageLine:
    """A section: its months, or the one form of the year; then all of them together."""

    title: StrPromise
    is_monthly: bool
    cells: Sequence[CoverageCell]
    whole: CoverageCell


@dataclass(frozen=True, kw_only=True)
class CoverageTable:
    """How far forms are approved, by section and month."""

    months: Sequence[str]
    lines: Sequence[CoverageLine]


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """Forms of the place that are not approved, by what they wait for; and what waits for the reader."""

    late: int
    to_hand_in: int
    to_correct: int
    to_review: int
    own_forms: int
    own_reviews: int


def month_name(first_day: dt.date) -> str:
    """A month in few letters: “Mar”, “3月”."""
    return dateformat.format(first_day, pgettext("format of a month below a column", "M"))


def exceedances(choice: Choice, user: User, year: ReportingYear) -> Exceedances | None:
    """None for who may not read the tests. The same records as the figure of the stack tests not below the limit."""
    if _SECTION not in choice.sections or not policies.may_open_rows(user, frozenset({_SECTION}), choice.sites):
        return None
    tests: Any = recorded(StackTest, year=year, sites=choice.sites, basis=choice.basis)
    found = tests.exceeding()
    count = found.count()
    newest = found.select_related("submission__site", "stack", "pollutant").order_by("-tested_on", "-pk")[:MOST]
    return Exceedances(
        listed=[
            Exceedance(
                test=test,
                url=f"{reverse('submissions:edit', args=[test.submission_id])}#row-{row_id(_TESTS, str(test.pk))}",
            )
            for test in newest
        ],
        count=count,
    )


def coverage_table(choice: Choice, months: MonthlyFigures) -> CoverageTable:
    """A line for every section that the reader may read there and that anybody hands in."""
    first = months.year.starts_on
    lines = []
    for section in sections:
        if section.code not in choice.sections:
            continue
        is_monthly = section.frequency == Frequency.MONTH
        days = months.months if is_monthly else [first]
        cells = [CoverageCell(label=month_name(day), coverage=months.coverage(section.code, day)) for day in days]
        whole = Coverage(sections=frozenset({section.code}))
        for cell in cells:
            whole += cell.coverage
        if whole.expected:
            lines.append(
                CoverageLine(
                    title=section.title,
                    is_monthly=is_monthly,
                    cells=cells if is_monthly else [],
                    whole=CoverageCell(label=pgettext("coverage", "Year"), coverage=whole),
                )
            )
    return CoverageTable(months=[month_name(day) for day in months.months], lines=lines)


def tasks(choice: Choice, user: User, year: ReportingYear) -> Tasks:
    """Counts of forms of the year whose period is over; and of what the reader is to do in any year."""
    today = timezone.localdate()
    is_open = Q(state__in=OPEN_STATES, period__ends_on__lt=today)
    forms = Submission.objects.filter(at_sites("site_id", choice.sites), period__year=year, section__in=choice.sections)
    counts = (
        forms.order_by()
        .values("period__year")
        .annotate(
            late=Count("pk", filter=is_open & Q(period__due_on__lt=today)),
            to_hand_in=Count("pk", filter=is_open & Q(state=State.DRAFT)),
            to_correct=Count("pk", filter=Q(state=State.RETURNED)),
            to_review=Count("pk", filter=Q(state=State.SUBMITTED)),
        )
    )
    counted: dict[str, Any] = next(iter(counts), {})  # type: ignore[arg-type]
    return Tasks(
        late=counted.get("late", 0),
        to_hand_in=counted.get("to_hand_in", 0),
        to_correct=counted.get("to_correct", 0),
        to_review=counted.get("to_review", 0),
        own_forms=work.due_for(user).count(),
        own_reviews=overview.queue(user).count(),
    )
