"""Who may read factors, add versions of them, and choose what a year is reckoned with."""

from django.http import Http404

from apps.accounts.models import User
from apps.greenhouse_gases.models import ContractualInstrument, Factor
from apps.organisation.choices import Role
from apps.organisation.models import ReportingYear
from apps.organisation.policies import has_role_of_group, may_read_report


def may_read_factors(user: User) -> bool:
    """Whoever may read the annual report."""
    return may_read_report(user)


def may_add_factors(user: User) -> bool:
    """A new version moves figures of the whole group."""
    return has_role_of_group(user, (Role.LEAD_REVIEWER, Role.ADMINISTRATOR))


def may_keep_basis(user: User) -> bool:
    """Chooses what a year is reckoned with, and keeps the contractual instruments."""
    return has_role_of_group(user, (Role.LEAD_REVIEWER,))


def access_factor(user: User, pk: int) -> Factor:
    """A factor, or 404 for who may not read factors."""
    factor = Factor.objects.filter(pk=pk).select_related("added_by").first() if may_read_factors(user) else None
    if factor is None:
        raise Http404
    return factor


def access_year(user: User, code: str) -> ReportingYear:
    """A year, or 404 for who may not read factors."""
    year = ReportingYear.objects.filter(code=code).first() if may_read_factors(user) else None
    if year is None:
        raise Http404
    return year


def access_instrument(user: User, pk: int) -> ContractualInstrument:
    """A contractual instrument, or 404 for who may not read factors."""
    found = ContractualInstrument.objects.filter(pk=pk).select_related("year", "site").first()
    if found is None or not may_read_factors(user):
        raise Http404
    return found
