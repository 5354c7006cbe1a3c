"""Writing factors, the basis of a year and its contractual instruments: who may, and one at a time."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.greenhouse_gases import policies
from apps.greenhouse_gases.factor_sets import FactorSet, factors_for, factors_now
from apps.greenhouse_gases.models import ContractualInstrument, Factor, FactorPin, YearBasis
from apps.organisation.models import ReportingYear

__all__ = [
    "FactorSet",
    "PublishedError",
    "StaleError",
    "add_factor",
    "add_instrument",
    "factors_for",
    "factors_now",
    "newest_version",
    "pin",
    "remove_instrument",
    "save_basis",
]


class StaleError(Exception):
    """Somebody added a version after the preview was shown."""


class PublishedError(Exception):
    """The year is published, so what it is reckoned with stays."""


def newest_version(factor: Factor) -> int:
    """The number of the newest version of the same factor; 0 where there is none."""
    same = Factor.objects.filter(
        subject=factor.subject,
        parameter=factor.parameter,
        region=factor.region,
        series=factor.series,
        gwp_set=factor.gwp_set,
    )
    return same.order_by("-version").values_list("version", flat=True).first() or 0


@transaction.atomic
def add_factor(*, factor: Factor, seen_version: int, user: User) -> Factor:
    """Adds the version after ``seen_version``, the newest when the preview was shown.

    Raises StaleError where another one came in between, and IntegrityError where it comes at the same moment.
    """
    if not policies.may_add_factors(user):
        raise PermissionDenied
    if newest_version(factor) != seen_version:
        raise StaleError
    factor.version = seen_version + 1
    factor.added_by = user
    factor.save(force_insert=True)
    return factor


@transaction.atomic
def save_basis(*, basis: YearBasis, user: User) -> YearBasis:
    """Keeps what a year is reckoned with. Raises PublishedError once the year is published."""
    _open(basis.year_id, user)
    stored, _created = YearBasis.objects.update_or_create(
        year=basis.year, defaults={"gwp_set": basis.gwp_set, "grid_series": basis.grid_series}
    )
    return stored


@transaction.atomic
def add_instrument(*, instrument: ContractualInstrument, user: User) -> ContractualInstrument:
    """Notes electricity under a contract of its own. Raises PublishedError once the year is published."""
    _open(instrument.year_id, user)
    instrument.save(force_insert=True)
    return instrument


@transaction.atomic
def remove_instrument(*, instrument_id: int, user: User) -> None:
    """Takes away one entered by mistake; the audit trail keeps it. Raises PublishedError as above."""
    instrument = ContractualInstrument.objects.get(pk=instrument_id)
    _open(instrument.year_id, user)
    instrument.delete()


@transaction.atomic
def pin(year: ReportingYear, number: int, factors: Iterable[Factor]) -> None:
    """Keeps what edition ``number`` of ``year`` rests on: all factors of the year, also those that it did not need.

    A fuel that a restatement brings in is then reckoned with the factors of its time. Called when a year is published.
    """
    FactorPin.objects.bulk_create(FactorPin(year=year, number=number, factor=factor) for factor in factors)


def _open(year_id: int, user: User) -> None:
    """Locks the year, so that nothing is changed while it is being published."""
    if not policies.may_keep_basis(user):
        raise PermissionDenied
    year = ReportingYear.objects.select_for_update().get(pk=year_id)
    if year.published_at is not None:
        raise PublishedError
