"""The door of import-export: files come in and go out through one resource, whoever asks and from where."""

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export import fields, resources
from import_export.results import Result, RowResult

from apps.accounts.models import User
from apps.submissions.exchange import exporter
from apps.submissions.exchange.columns import all_columns
from apps.submissions.exchange.formats import RecordDataset
from apps.submissions.exchange.importer import import_table
from apps.submissions.exchange.report import Report
from apps.submissions.exchange.tables import PackedRows, Table
from apps.submissions.models import Submission


class RecordResult(Result):  # type: ignore[misc]
    """What import-export tells of an import, beside our own report."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
        self.total_rows = report.rows
        # Rows of one outcome are told by one object: there may be very many of them.
        for outcome, count in report.counts.items():
            told = _row_result(outcome)
            for _number in range(count):
                self.append_row_result(told)
            self.totals[outcome] += count
        by_row: dict[int, dict[str, list[str]]] = {}
        for problem in report.problems:
            by_row.setdefault(problem.row or 0, {}).setdefault(problem.column, []).append(problem.message)
        for number, messages in sorted(by_row.items()):
            self.append_invalid_row(number, {}, ValidationError(messages))


def _row_result(outcome: str) -> RowResult:
    row = RowResult()
    row.import_type = outcome
    return row


class RecordResource(resources.Resource):  # type: ignore[misc]
    """Records of every kind, in the long format. ``user`` None is a command run by the operator of the machine."""

    def __init__(self, *, user: User | None, language: str | None = None) -> None:
        super().__init__()
        self.user = user
        self.language = language
        self.fields = {
            column.code: fields.Field(
                attribute=column.code, column_name=column.label(language) if language else column.code
            )
            for column in all_columns()
        }

    def import_data(self, dataset: tablib.Dataset, dry_run: bool = False, **kwargs: Any) -> RecordResult:
        """All rows or none: with a single problem nothing is written."""
        table = dataset.table if isinstance(dataset, RecordDataset) else _table_of(dataset)
        return RecordResult(import_table(table, user=self.user, dry_run=dry_run))

    def export(self, queryset: QuerySet[Submission] | None = None, **kwargs: Any) -> tablib.Dataset:
        """The records of these submissions, as far as the person may read them."""
        chosen = exporter.Selection(user=self.user, submissions=queryset)
        return tablib.Dataset(*exporter.rows(chosen), headers=exporter.headings(self.language))


def _table_of(dataset: tablib.Dataset) -> Table:
    """Any dataset as if it were a file: the headings in row 1."""
    lines = [dataset.headers or [], *dataset]
    return Table(
        rows=PackedRows(
            (number, ["" if cell is None else str(cell).replace("\0", "") for cell in line])
            for number, line in enumerate(lines, start=1)
        )
    )
