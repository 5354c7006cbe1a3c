"""The index: what the guide of a year asks for, and what the report says to each provision."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.indicators.computation import Figures
from apps.indicators.declarations import Kpi
from apps.indicators.kpi_set import KpiSet
from apps.organisation.models import ReportingYear
from apps.reporting.models import Guide, Obligation, Provision, Statement, StatementKind, StatementState


class Status(models.TextChoices):
    """What became of a provision."""

    REPORTED = "reported", _("Reported")
    EXPLAINED = "explained", _("Explained")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    MISSING = "missing", _("Missing")


@dataclass(frozen=True, kw_only=True)
class IndexLine:
    """One provision. ``kpis`` are its figures, in the order of the report; ``statement`` may not be approved yet."""

    provision: Provision
    status: Status
    kpis: Sequence[Kpi]
    statement: Statement | None

    @property
    def blocks(self) -> bool:
        """Whether the year cannot be published like this: what is mandatory is told, the rest told or explained."""
        if self.provision.obligation == Obligation.MANDATORY:
            return self.status in (Status.MISSING, Status.EXPLAINED)
        return self.provision.obligation == Obligation.COMPLY_OR_EXPLAIN and self.status == Status.MISSING


def guide_for(year: ReportingYear) -> Guide | None:
    """The edition of the guide by the first day of the year."""
    return Guide.of_day(year.starts_on)


def index_of(year: ReportingYear, figures: Figures) -> list[IndexLine]:
    """Every provision of the year's guide with its status. ``figures`` are those of the whole group."""
    guide = guide_for(year)
    if guide is None:
        return []
    statements = {
        statement.code: statement for statement in Statement.objects.filter(year=year).select_related("responsible")
    }
    by_provision = kpis_by_provision(figures.kpis)
    return [
        line_of(provision, by_provision.get(provision.code, ()), statements.get(provision.code), figures)
        for provision in guide.provisions.all()
    ]


def kpis_by_provision(kpis: KpiSet) -> dict[str, list[Kpi]]:
    """The figures that answer each provision: those of a whole, then those of single catalogue rows."""
    found: dict[str, list[Kpi]] = defaultdict(list)
    for kpi in sorted(kpis, key=lambda kpi: kpi.code in kpis.of_catalogues):
        if not kpi.is_part:
            for code in kpi.hkex:
                found[code].append(kpi)
    return found


def line_of(provision: Provision, kpis: Sequence[Kpi], statement: Statement | None, figures: Figures) -> IndexLine:
    """One provision with its status. ``figures`` need hold no more than ``kpis`` and what they are made of."""
    shown = [kpi for kpi in kpis if figures.coverage(figures.kpis.sections(kpi)).expected]
    return IndexLine(
        provision=provision,
        status=_status(provision, shown, statement, figures),
        kpis=shown,
        statement=statement,
    )


def _status(provision: Provision, kpis: Sequence[Kpi], statement: Statement | None, figures: Figures) -> Status:
    """Words count when they are approved; a figure when it has a value, or is withheld to protect a small group.

    A provision that asks for figures and has none is not reported by words alone, unless they explain why.
    """
    if statement is not None and statement.state == StatementState.APPROVED:
        if statement.kind == StatementKind.NOT_APPLICABLE:
            return Status.NOT_APPLICABLE
        if statement.kind == StatementKind.EXPLANATION:
            return Status.EXPLAINED
        if not provision.is_quantitative:
            return Status.REPORTED
    if provision.is_quantitative:
        told = (figures.of(kpi.code) for kpi in kpis)
        if any(figure.value is not None or figure.is_withheld for figure in told):
            return Status.REPORTED
    return Status.MISSING
