"""The records behind a figure: who typed what, who handed it in, who approved it, and what proves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum

from apps.core.formats import typed
from apps.core.units import UNITS
from apps.indicators.basis import Basis
from apps.indicators.declarations import RecordKpi
from apps.organisation.models import ReportingYear, Site
from apps.submissions.findings import row_id
from apps.submissions.marks import Mark, mark_of
from apps.submissions.models import Evidence, QuantityRecord, Submission
from apps.submissions.sections import Grid, Table, sections

PAGE_SIZE: Final = 100
_READ_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One record and what it adds; ``amount`` None is a row without a value, which adds nothing."""

    record: Any
    amount: Decimal | None
    title: str
    as_typed: str
    canonical: str
    how: str
    anchor: str
    evidence: Sequence[Evidence]
    mark: Mark

    @property
    def submission(self) -> Submission:
        submission: Submission = self.record.submission
        return submission

    @property
    def adds(self) -> str:
        return typed(self.amount)


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """``total`` is added up anew from the list, over all its pages; it equals the figure. ``is_sum``: not the least."""

    page: Page[Any]
    contributions: Sequence[Contribution]
    total: Decimal | None
    is_sum: bool


def lineage(kpi: RecordKpi, *, year: ReportingYear, sites: Sequence[Site], basis: Basis, page: str | None) -> Lineage:
    """One page of the records behind a figure."""
    records = kpi.records(year=year, sites=sites, basis=basis)
    sums = records.aggregate(total=kpi.over("contribution"), count=Count("pk"))
    paginator = Paginator(_in_order(kpi, records), PAGE_SIZE)
    paginator.count = sums["count"]  # counted with the sum, in one question
    shown = paginator.get_page(page)
    table = next(table for table in sections[kpi.section].tables if table.model is kpi.source)
    rows = list(shown.object_list)
    proofs = _evidence(table, rows)
    return Lineage(
        page=shown,
        contributions=[_contribution(kpi, table, record, proofs.get(record.pk, ())) for record in rows],
        total=_exact(sums["total"]),
        is_sum=kpi.over is Sum,
    )


def every_contribution(
    kpi: RecordKpi, *, year: ReportingYear, sites: Sequence[Site], basis: Basis
) -> Iterator[Contribution]:
    """All records behind a figure in the order of the pages, some at a time, so that thousands need no memory."""
    table = next(table for table in sections[kpi.section].tables if table.model is kpi.source)
    records = iter(_in_order(kpi, kpi.records(year=year, sites=sites, basis=basis)).iterator(chunk_size=_READ_AT_ONCE))
    while rows := list(islice(records, _READ_AT_ONCE)):
        proofs = _evidence(table, rows)
        for record in rows:
            yield _contribution(kpi, table, record, proofs.get(record.pk, ()))


def _in_order(kpi: RecordKpi, records: QuerySet[Any]) -> QuerySet[Any]:
    people = ("entered_by", "submission__submitted_by", "submission__approved_by")
    return records.select_related("submission__site", "submission__period", *people, *kpi.source.row_fields).order_by(
        "submission__period__starts_on",
        "submission__site__position",
        "submission__site__code",
        *(f"{name}__position" for name in kpi.source.row_fields),
        "pk",
    )


def _row_of(table: Table, record: Any) -> str:
    """The row as evidence and the entry page name it: by its catalogue rows, or by its number in a register."""
    return row_id(table.code, record.row_key if isinstance(table, Grid) else str(record.pk))


def _evidence(table: Table, records: Sequence[Any]) -> dict[int, list[Evidence]]:
    """Files that prove the very row, then those of the whole form."""
    files: dict[tuple[int, str], list[Evidence]] = {}
    rows = {row for record in records for row in ("", _row_of(table, record))}
    submissions = {record.submission_id for record in records}
    for file in Evidence.objects.filter(Q(row__in=rows), submission__in=submissions).order_by("pk"):
        files.setdefault((file.submission_id, file.row), []).append(file)
    return {
        record.pk: [
            *files.get((record.submission_id, _row_of(table, record)), ()),
            *files.get((record.submission_id, ""), ()),
        ]
        for record in records
    }


def _exact(amount: Decimal | int | None) -> Decimal | None:
    """Columns of whole numbers come as Python's own."""
    return None if amount is None else Decimal(amount)


def _contribution(kpi: RecordKpi, table: Table, record: Any, evidence: Sequence[Evidence]) -> Contribution:
    as_typed = canonical = how = ""
    if isinstance(record, QuantityRecord):
        how = record.get_method_display() or record.get_state_display()
        if record.quantity is not None:
            item = getattr(record, record.row_fields[0])
            as_typed = f"{typed(record.entered_value)} {UNITS[record.entered_unit].label}"
            canonical = f"{typed(record.quantity)} {item.unit.label}"
    elif kpi.describe is not None:
        as_typed = kpi.describe(record)
    return Contribution(
        record=record,
        amount=_exact(record.contribution),
        title=" · ".join(getattr(record, name).name for name in record.row_fields) or str(record),
        as_typed=as_typed,
        canonical=canonical,
        how=how,
        anchor=f"row-{_row_of(table, record)}",
        evidence=evidence,
        mark=mark_of(record.submission),
    )
