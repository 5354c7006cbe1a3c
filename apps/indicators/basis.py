"""Which records a figure rests on, and exact arithmetic over them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from typing import Any, Final

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import ReportingYear, Site
from apps.organisation.sites_in import at_sites
from apps.submissions.choices import State
from apps.submissions.models import Record

# A ratio has no last digit; this many are kept until it is printed.
_RATIO: Final = Context(prec=60)


class Basis(models.TextChoices):
    """Approved data by default; everything recorded so far on request, which makes a figure provisional."""

    APPROVED = "approved", _("Approved data")
    ALL = "all", _("All data, provisional")

    @property
    def sentence(self) -> str:
        """What files say of it."""
        if self == Basis.APPROVED:
            return gettext("Approved data only.")
        return gettext("Provisional: counts everything recorded so far, approved or not.")


def recorded(source: type[Record], *, year: ReportingYear, sites: Sequence[Site], basis: Basis) -> QuerySet[Any]:
    """The records of a year at some sites. Every list behind a figure starts here."""
    return recorded_in(source, years=[year], sites=sites, basis=basis)


def recorded_in(
    source: type[Record], *, years: Sequence[ReportingYear], sites: Sequence[Site], basis: Basis
) -> QuerySet[Any]:
    """The records of some years at some sites. Every figure starts here."""
    queryset: QuerySet[Any] = source._default_manager.filter(
        at_sites("submission__site_id", sites), submission__period__year__in=[year.pk for year in years]
    )
    return queryset.filter(submission__state=State.APPROVED) if basis == Basis.APPROVED else queryset


def year_before(year: ReportingYear, among: Iterable[ReportingYear] | None = None) -> ReportingYear | None:
    """The year that ended on the day before; a gap between years is no comparison.

    ``among`` are all years, where they are read already.
    """
    day_before = year.starts_on - dt.timedelta(days=1)
    if among is not None:
        return next((each for each in among if each.ends_on == day_before), None)
    return ReportingYear.objects.filter(ends_on=day_before).first()


@contextmanager
def exactly() -> Iterator[None]:
    """Decimal arithmetic that refuses to round: Python's usual 28 digits would cut long sums silently."""
    with localcontext() as context:
        context.prec = 200
        context.traps[Inexact] = True
        yield


def divide(numerator: Decimal, denominator: Decimal, factor: Fraction) -> Decimal:
    """numerator × factor / denominator with far more digits than are ever printed."""
    return quotient(Fraction(numerator) * factor / Fraction(denominator))


def quotient(ratio: Fraction) -> Decimal:
    """As a decimal, with far more digits than are ever printed."""
    return _RATIO.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
