"""Who may have the evidence behind a figure: readers of the report who may open the rows at every site."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.indicators.declarations import Kpi
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.policies import may_open_rows
from apps.organisation.models import ReportingYear, Site
from apps.reporting.policies import access_year


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A figure of a year whose evidence somebody may have, with those it is made of."""

    year: ReportingYear
    kpi: Kpi
    kpis: KpiSet


def may_have_evidence(user: User, sections: frozenset[str]) -> bool:
    """Whether the rows of all sites in these sections are open to somebody who reads the report."""
    return may_open_rows(user, sections, list(Site.objects.all()))


def access_figure(user: User, year: str, code: str) -> Asked:
    """404 for who may not read the report, or not open the rows at every site, and for what there is not."""
    found = access_year(user, year)
    kpis = current_kpis()
    if code not in kpis or not may_have_evidence(user, kpis.sections(kpis[code])):
        raise Http404
    return Asked(year=found, kpi=kpis[code], kpis=kpis.only(code))


def is_open_to(user: User, arguments: dict[str, Any]) -> bool:
    """The same question for a job."""
    try:
        access_figure(user, arguments["year"], arguments["kpi"])
    except Http404:
        return False
    return True
