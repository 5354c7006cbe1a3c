"""The import of records: reads every row, lists every problem, and writes all rows or none.

Rows go the way of the entry page: ``entry.read_cell`` and ``services.Changes`` for grids, the register's own form for
registers, the same locks, the same checks. The number of statements does not grow with the number of rows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import checks
from apps.submissions.choices import Severity
from apps.submissions.exchange.columns import read_headings
from apps.submissions.exchange.grid_rows import GridRows
from apps.submissions.exchange.lines import Layout, Line
from apps.submissions.exchange.lookup import Kind, Lookup, NotFound
from apps.submissions.exchange.register_rows import RegisterRows
from apps.submissions.exchange.report import INVALID, UNCHANGED, Problem, Report, Warned
from apps.submissions.exchange.tables import Table
from apps.submissions.models import Submission
from apps.submissions.sections import Grid
from apps.submissions.sheets import Sheet, load_sheets

# Sheets in memory at a time: two years of a dozen sites.
_CHUNK: Final = 300

_Place = tuple[int, int, str]


@dataclass(slots=True)
class _Placed:
    """A row whose site, period, record kind and item are known."""

    line: Line
    kind: Kind
    # The key and catalogue rows of a grid's row; a register reads its item itself.
    item: Any


@transaction.atomic
def import_table(table: Table, *, user: User | None, dry_run: bool) -> Report:
    """Imports ``table`` on behalf of ``user``; None is a command run by the operator of the machine."""
    return _Import(table, user=user, dry_run=dry_run).run()


class _Import:
    def __init__(self, table: Table, *, user: User | None, dry_run: bool) -> None:
        self.table = table
        self.user = user
        self.dry_run = dry_run
        self.headings = read_headings(table.headings)
        self.layout = Layout(table, self.headings)
        self.lookup = Lookup(user)
        self.report = Report(sheet=table.sheet, encoding=table.encoding, formulas=table.formulas)
        now = timezone.now()
        self.now = now
        self.grid_rows = GridRows(self.layout, self.report, user=user)
        self.register_rows = RegisterRows(self.layout, self.report, user=user, now=now)

    def run(self) -> Report:
        report = self.report
        for place, message in self.headings.problems:
            row = self.table.rows[0][0] if self.table.rows else None
            report.problems.append(Problem(row=row, column=self.layout.title_of(place), message=message))
        if not self.headings.readable:
            return report
        by_place = self._place_lines()
        touched: set[int] = set()
        for section_code, of_section in by_place.items():
            submissions = self._submissions(section_code, of_section)
            for chunk in _chunks(submissions):
                for sheet in load_sheets(chunk).values():
                    if self._read_sheet(sheet, of_section[_place_of(sheet.submission)]):
                        touched.add(sheet.submission.pk)
        report.submissions = len(touched)
        keep = not report.problems and not self.dry_run
        self.register_rows.settle(keep=keep)
        if keep and not report.problems:
            self._write(touched)
        return report

    # Finding the place of each row ----------------------------------------------------------------------------------

    def _place_lines(self) -> dict[str, dict[_Place, list[_Placed]]]:
        """Rows by section and submission. Those without a place become problems."""
        site_of, period_of = self.layout.getter("site"), self.layout.getter("period")
        kind_of, item_of = self.layout.getter("record_kind"), self.layout.getter("item")
        by_place: dict[str, dict[_Place, list[_Placed]]] = defaultdict(lambda: defaultdict(list))
        for line in self.layout.lines():
            problems: list[Problem] = []
            site = self._find(line, "site", self.lookup.site, site_of(line), problems)
            kind = self._find(line, "record_kind", self.lookup.kind, kind_of(line), problems)
            period: Any = None
            item: Any = None
            if kind is not None:
                period = self._find(
                    line, "period", partial(self.lookup.period, kind.section.frequency), period_of(line), problems
                )
                if isinstance(kind.table, Grid):
                    item = self._find(line, "item", partial(self.lookup.item, kind.table), item_of(line), problems)
                problems += self.layout.stray(line, kind.table)
                if site is not None and not self.lookup.may_prepare(site, kind.section):
                    problems.append(
                        self.layout.problem(
                            line,
                            "site",
                            _("You may read the data of %(site)s (%(section)s) and not enter any.")
                            % {"site": site.name, "section": kind.section.title},
                        )
                    )
            if isinstance(period, str) and site is not None:
                problems.append(self._not_open(line, period, site.name))
            if problems or kind is None:
                self._refuse(line, [*problems, *self.layout.problems_by_themselves(line)])
            else:
                by_place[kind.section.code][site.pk, period.pk, kind.section.code].append(_Placed(line, kind, item))
        return by_place

    def _find(self, line: Line, code: str, find: Any, word: str, problems: list[Problem]) -> Any:
        if not word:
            problems.append(self.layout.problem(line, code, _("This cell is blank.")))
            return None
        try:
            return find(word)
        except NotFound as refusal:
            problems.append(self.layout.problem(line, code, str(refusal)))
            return None

    def _not_open(self, line: Line, period: str, site: str) -> Problem:
        return self.layout.problem(
            line,
            "period",
            _("The period %(period)s is not open for %(site)s: an administrator opens it.")
            % {"period": period, "site": site},
        )

    def _refuse(self, line: Line, problems: list[Problem]) -> None:
        self.report.outcomes[line.number] = INVALID
        self.report.problems += problems

    # Submissions ----------------------------------------------------------------------------------------------------

    def _submissions(self, section: str, of_section: dict[_Place, list[_Placed]]) -> list[Submission]:
        """Those that the rows belong to, by site and period; locked when the import is going to write."""
        candidates = Submission.objects.filter(
            section=section,
            site__in={site for site, _period, _section in of_section},
            period__in={period for _site, period, _section in of_section},
        ).values_list("pk", "site_id", "period_id", "section")
        wanted = [pk for pk, *place in candidates if tuple(place) in of_section]
        found = Submission.objects.select_related("site", "period__year").filter(pk__in=wanted).order_by("pk")
        if not self.dry_run:
            found = found.select_for_update(of=("self",))
        submissions = sorted(found, key=lambda s: (s.site.position, s.site_id, s.period.starts_on))
        self._refuse_without_submission(of_section, {_place_of(submission) for submission in submissions})
        return submissions

    def _refuse_without_submission(self, of_section: dict[_Place, list[_Placed]], found: set[_Place]) -> None:
        site_of, period_of = self.layout.getter("site"), self.layout.getter("period")
        for place, placed in of_section.items():
            if place not in found:
                for row in placed:
                    site = self.lookup.site(site_of(row.line)).name
                    problem = self._not_open(row.line, period_of(row.line), site)
                    self._refuse(row.line, [problem, *self.layout.problems_by_themselves(row.line)])

    # Reading one submission's rows ----------------------------------------------------------------------------------

    def _read_sheet(self, sheet: Sheet, placed: list[_Placed]) -> bool:
        """Reads the rows of one submission; True if something is going to change in it."""
        outcomes = self.report.outcomes
        changed: dict[str, int] = {}
        self.grid_rows.starting(sheet)
        self.register_rows.starting(sheet)
        for row in placed:
            table = row.kind.table
            if isinstance(table, Grid):
                outcome, row_id = self.grid_rows.take(row.line, table, *row.item)
            else:
                outcome, row_id = self.register_rows.take(row.line, table)
            outcomes[row.line.number] = outcome
            if outcome not in (INVALID, UNCHANGED):
                changed[row_id] = row.line.number
        if changed:
            self.grid_rows.add_history(sheet)
            self._warn(sheet, changed)
        return bool(changed)

    def _warn(self, sheet: Sheet, changed: dict[str, int]) -> None:
        findings = [
            finding
            for finding in checks.run(sheet, for_submission=False)
            if finding.is_open and finding.severity != Severity.NOTICE
        ]
        if findings:
            title = str(sheet.submission)
            self.report.warnings += [
                Warned(row=changed.get(finding.row), submission=title, message=finding.message) for finding in findings
            ]

    # Writing --------------------------------------------------------------------------------------------------------

    def _write(self, touched: set[int]) -> None:
        self.grid_rows.changes.write()
        Submission.objects.filter(pk__in=touched).update(
            revision=F("revision") + 1, saved_by=self.user, saved_at=self.now
        )
        self.report.written = True


def _place_of(submission: Submission) -> _Place:
    return submission.site_id, submission.period_id, submission.section


def _chunks(submissions: list[Submission]) -> Iterator[list[Submission]]:
    rest = iter(submissions)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
