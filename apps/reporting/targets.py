"""Where the targets of the group stand in a year, and the yearly review of each.

A target that names a figure stands where the figure of the group stands. Without one it stands where the approved
forms say: at the value of its one site; the values of several sites are listed, since a density cannot be added up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.formats import number
from apps.environment.models import Target, TargetProgress
from apps.indicators.basis import Basis, recorded
from apps.organisation.models import ReportingYear, Site
from apps.reporting import policies
from apps.reporting.content.figures import YearFigures
from apps.reporting.models import TargetReview, TargetVerdict
from apps.submissions.workflow import Refused


@dataclass(frozen=True, kw_only=True)
class AtSite:
    """What one site said of the target in the year."""

    site: Site
    value: Decimal | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A target in a year. ``history`` is by year, the oldest first, this one last; shares are in percent."""

    target: Target
    year: ReportingYear
    current: Decimal | None
    sites: Sequence[AtSite]
    history: Sequence[tuple[ReportingYear, Decimal | None]]
    reviews: Sequence[TargetReview]

    @property
    def has_way(self) -> bool:
        """Whether there is a number at both ends; a direction only has no way."""
        target = self.target
        return None not in (target.base_value, target.target_value) and target.base_value != target.target_value

    @property
    def progress(self) -> Decimal | None:
        """The share of the way from the base to the target; above 100 it is passed, below 0 it goes the wrong way."""
        base, goal = self.target.base_value, self.target.target_value
        if base is None or goal is None or base == goal or self.current is None:
            return None
        return _decimal(Fraction(base - self.current) / Fraction(base - goal) * 100)

    @property
    def expected(self) -> Decimal | None:
        """The share that would be behind by the end of the year if the way were gone evenly."""
        if not self.has_way:
            return None
        gone = self.year.ends_on.year - self.target.base_year
        whole = self.target.target_year - self.target.base_year
        return _decimal(Fraction(min(max(gone, 0), whole), whole) * 100)

    @property
    def review(self) -> TargetReview | None:
        """That of the year."""
        return next((review for review in self.reviews if review.year_id == self.year.pk), None)

    @property
    def earlier_reviews(self) -> Sequence[TargetReview]:
        return [review for review in self.reviews if review.year_id != self.year.pk]

    def display(self, value: Decimal | None) -> str:
        """A value of the target as printed."""
        return number(value, self.target.decimals)

    @property
    def base_display(self) -> str:
        return self.display(self.target.base_value)

    @property
    def goal_display(self) -> str:
        return self.display(self.target.target_value)

    @property
    def current_display(self) -> str:
        return self.display(self.current)

    @property
    def progress_display(self) -> str:
        return number(self.progress, 0)

    @property
    def expected_display(self) -> str:
        return number(self.expected, 0)

    @property
    def history_display(self) -> list[tuple[str, str]]:
        return [(year.code, self.display(value)) for year, value in self.history]

    @property
    def site_display(self) -> list[tuple[AtSite, str]]:
        return [(at, self.display(at.value)) for at in self.sites]


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def running_targets(year: ReportingYear) -> list[Target]:
    """Those whose way leads through the year, without what an earlier review gave up."""
    dropped = TargetReview.objects.filter(verdict=TargetVerdict.DROPPED, year__ends_on__lt=year.starts_on)
    return list(
        Target._default_manager.filter(base_year__lte=year.ends_on.year, target_year__gte=year.starts_on.year).exclude(
            pk__in=dropped.values("target")
        )
    )


def standings(loaded: YearFigures, targets: Sequence[Target]) -> list[Standing]:
    """Each target with where it stands. ``loaded`` holds the figures that targets name; two queries more."""
    years = [loaded.year, *(before[0] for before in loaded.before)]
    said = _said(years, loaded.sites, targets)
    reviews: dict[int, list[TargetReview]] = defaultdict(list)
    for review in (
        TargetReview.objects.filter(target__in=targets, year__starts_on__lte=loaded.year.starts_on)
        .select_related("year", "entered_by")
        .order_by("-year__starts_on")
    ):
        reviews[review.target_id].append(review)
    return [
        Standing(
            target=target,
            year=loaded.year,
            current=_value(target, None, loaded, said),
            sites=said.get((target.pk, loaded.year.pk), ()),
            history=[
                *((loaded.before[i][0], _value(target, i, loaded, said)) for i in reversed(range(len(loaded.before)))),
                (loaded.year, _value(target, None, loaded, said)),
            ],
            reviews=reviews[target.pk],
        )
        for target in targets
    ]


def _value(
    target: Target, index: int | None, loaded: YearFigures, said: Mapping[tuple[int, int], Sequence[AtSite]]
) -> Decimal | None:
    """Where the target stood in the year; ``index`` names one before it."""
    if target.figure:
        if target.figure not in loaded.figures.kpis:
            return None
        if index is None:
            return loaded.figures.of(target.figure).value
        return loaded.earlier(index, target.figure, None)
    year = loaded.year if index is None else loaded.before[index][0]
    at_sites = said.get((target.pk, year.pk), ())
    return at_sites[0].value if len(at_sites) == 1 else None


def _said(
    years: Sequence[ReportingYear], sites: Sequence[Site], targets: Sequence[Target]
) -> dict[tuple[int, int], list[AtSite]]:
    """What approved forms say of ``targets``, by target and year, in the order of the sites."""
    by_pk = {site.pk: site for site in sites}
    found: dict[tuple[int, int], list[AtSite]] = defaultdict(list)
    for year in years:
        rows: Any = (
            recorded(TargetProgress, year=year, sites=sites, basis=Basis.APPROVED)
            .filter(target__in=targets)
            .values_list("target_id", "submission__site_id", "quantity", "note")
            .order_by("submission__site__position", "pk")
        )
        for target_id, site_id, quantity, note in rows:
            found[target_id, year.pk].append(AtSite(site=by_pk[site_id], value=quantity, note=note))
    return found


@transaction.atomic
def review_target(
    *,
    year_id: int,
    target_id: int,
    user: User,
    verdict: TargetVerdict,
    reviewed_on: dt.date,
    reviewed_by: str,
    remark: str,
) -> TargetReview:
    """Keeps the review of a target in a year, or corrects it. Once the year is published it stands as printed."""
    year = ReportingYear.objects.select_for_update(no_key=True).get(pk=year_id)
    if not policies.may_review_targets(user):
        raise PermissionDenied
    if not policies.words_are_open(year):
        raise Refused(
            _("%(year)s is published, so its reviews stay as printed. A restatement of words opens them.")
            % {"year": year.code}
        )
    review = TargetReview.objects.filter(year=year, target=target_id).first() or TargetReview(
        year=year, target_id=target_id
    )
    review.verdict = verdict
    review.reviewed_on = reviewed_on
    review.reviewed_by = reviewed_by
    review.remark = remark
    review.entered_by = user
    review.save()
    return review
