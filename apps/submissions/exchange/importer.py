"""The import of records: reads every row, lists every problem, and writes all rows or none.

Rows go the way of the entry page: ``entry.read_cell`` and ``services.Changes`` for grids, the register's own form for
registers, the same locks, the same checks. The rows of so many submissions are read, checked and written at a time, so
that memory does not grow with the file; the number of statements grows with these, not with the rows.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

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
from apps.submissions.exchange.prepared import Preparing
from apps.submissions.exchange.register_rows import RegisterRows
from apps.submissions.exchange.report import INVALID, UNCHANGED, Problem, Report, Warned
from apps.submissions.exchange.tables import Numbers, Table
from apps.submissions.findings import row_id
from apps.submissions.models import Submission
from apps.submissions.sections import Grid
from apps.submissions.sections import Table as RecordTable
from apps.submissions.sheets import Sheet, load_sheets

# Rows in memory at a time, and submissions that are loaded for them.
_CHUNK_ROWS: Final = 3_000
_CHUNK_SUBMISSIONS: Final = 300

_Place = tuple[int, int]

# Told how many of how many rows are done.
Tell = Callable[[int, int], None]


@dataclass(slots=True, frozen=True)
class _Found:
    """A submission that rows of the file belong to."""

    pk: int
    place: _Place


class _Target(NamedTuple):
    """Where a row goes within its submission. Rows of registers have no catalogue rows here."""

    table: RecordTable
    row_id: str
    catalogue: tuple[Any, ...]


class _NothingWritten(Exception):
    """Takes back what was written before a problem showed."""


def import_table(
    table: Table,
    *,
    user: User | None,
    dry_run: bool,
    tell: Tell | None = None,
    preparing: Preparing | None = None,
    warnings_told: int | None = None,
) -> Report:
    """Imports ``table`` on behalf of ``user``; None is a command run by the operator of the machine.

    ``tell`` may raise what ends the import; then nothing is written. ``preparing`` takes what a dry run would write.
    All warnings are counted; told are at least the first ``warnings_told``, or all of them.
    """
    running = _Import(table, user=user, dry_run=dry_run, tell=tell, preparing=preparing)
    running.warnings_told = warnings_told
    try:
        with transaction.atomic():
            running.run()
            if running.report.problems:
                raise _NothingWritten
    except _NothingWritten:
        pass
    return running.report


class _Import:
    def __init__(
        self, table: Table, *, user: User | None, dry_run: bool, tell: Tell | None, preparing: Preparing | None
    ) -> None:
        self.table = table
        self.user = user
        self.dry_run = dry_run
        self.tell = tell
        self.preparing = preparing
        self.warnings_told: int | None = None
        self.headings = read_headings(table.headings)
        self.layout = Layout(table, self.headings)
        self.lookup = Lookup(user)
        self.report = Report(sheet=table.sheet, encoding=table.encoding, formulas=table.formulas)
        self.now = timezone.now()
        self.grid_rows = GridRows(self.layout, self.report, user=user)
        self.register_rows = RegisterRows(self.layout, self.report, user=user, now=self.now)
        self._get = {code: self.layout.getter(code) for code in ("site", "period", "record_kind", "item")}
        self._kinds, self._items = self.layout.words("record_kind"), self.layout.words("item")
        # What the words of record kind and item stand for.
        self._targets: dict[tuple[int, int], _Target] = {}

    def run(self) -> None:
        report = self.report
        for place, message in self.headings.problems:
            row = self.table.rows[0][0] if self.table.rows else None
            report.add(Problem(row=row, column=self.layout.title_of(place), message=message))
        if not self.headings.readable:
            return
        if self.preparing is not None:
            self.preparing.about_to_read()
        by_place = self._place_lines()
        done, total = report.rows, len(self.table.records)
        for section, of_section in by_place.items():
            submissions = self._submissions(section, of_section)
            if self.preparing is not None:
                self.preparing.about_to_load(section, [found.pk for found in submissions])
            for chunk in _chunks(submissions, of_section):
                if self.tell is not None:
                    self.tell(done, total)
                done += self._take(chunk, of_section)
        report.written = not report.problems and not self.dry_run

    # Finding the place of each row ----------------------------------------------------------------------------------

    def _place_lines(self) -> dict[str, dict[_Place, Numbers]]:
        """The numbers of rows by section and submission. Those without a place become problems."""
        by_place: dict[str, dict[_Place, Numbers]] = defaultdict(lambda: defaultdict(lambda: array("l")))
        site_of, period_of = self._get["site"], self._get["period"]
        kind_of, item_of = self._get["record_kind"], self._get["item"]
        # What takes rows with the same words of site, period and record kind, as long as nothing else is new in them.
        items_of: dict[str, set[int]] = {}
        known: dict[tuple[int, int, int], tuple[Callable[[int], None], set[int] | None, list[Numbers]]] = {}
        places = zip(self.layout.words("site"), self.layout.words("period"), self._kinds, strict=True)
        for number, (words, item) in enumerate(zip(places, self._items, strict=True)):
            found = known.get(words)
            if found is not None:
                take, items, strays = found
                if (items is None or item in items) and not (strays and any(stray[number] for stray in strays)):
                    take(number)
                    continue
            line = self.layout.line(number)
            place = self._place_of(line, (site_of(line), period_of(line), kind_of(line)), item_of(line))
            if place is None:
                continue
            take = by_place[place[0]][place[1]].append
            take(number)
            table = self.lookup.kind(kind_of(line)).table
            if isinstance(table, Grid):
                known_items = items_of.setdefault(table.code, set())
                known_items.add(item)
                known[words] = (take, known_items, self.layout.strays(table))
            else:
                known[words] = (take, None, self.layout.strays(table))
        return by_place

    def _place_of(self, line: Line, words: tuple[str, str, str], item: str) -> tuple[str, _Place] | None:
        """The section and submission of a row, or None when it was refused."""
        problems: list[Problem] = []
        site = self._find(line, "site", self.lookup.site, words[0], problems)
        kind: Kind | None = self._find(line, "record_kind", self.lookup.kind, words[2], problems)
        period: Any = None
        if kind is not None:
            find_period = partial(self.lookup.period, kind.section.frequency)
            period = self._find(line, "period", find_period, words[1], problems)
            if isinstance(kind.table, Grid):
                self._find(line, "item", partial(self.lookup.item, kind.table), item, problems)
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
            return None
        return kind.section.code, (site.pk, period.pk)

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
        self.report.counts[INVALID] += 1
        self.report.add(*problems)

    # Submissions ----------------------------------------------------------------------------------------------------

    def _submissions(self, section: str, of_section: dict[_Place, Numbers]) -> list[_Found]:
        """Those that the rows belong to, by site and period; locked when the import is going to write."""
        candidates = Submission.objects.filter(
            section=section,
            site__in={site for site, _period in of_section},
            period__in={period for _site, period in of_section},
        ).values_list("site__position", "site_id", "period__starts_on", "pk", "period_id")
        found = [
            _Found(pk, (site_id, period_id))
            for _position, site_id, _starts_on, pk, period_id in sorted(candidates)
            if (site_id, period_id) in of_section
        ]
        if not self.dry_run:
            # By their keys, as everybody locks several of them.
            rows = Submission.objects.filter(pk__in=[submission.pk for submission in found]).order_by("pk")
            there = {submission.pk for submission in rows.only("pk").select_for_update(of=("self",))}
            found = [submission for submission in found if submission.pk in there]
        self._refuse_without_submission(of_section, {submission.place for submission in found})
        return found

    def _refuse_without_submission(self, of_section: dict[_Place, Numbers], found: set[_Place]) -> None:
        for place, numbers in of_section.items():
            if place not in found:
                for number in numbers:
                    line = self.layout.line(number)
                    site = self.lookup.site(self._get["site"](line)).name
                    problem = self._not_open(line, self._get["period"](line), site)
                    self._refuse(line, [problem, *self.layout.problems_by_themselves(line)])

    # Reading the rows of some submissions ---------------------------------------------------------------------------

    def _take(self, chunk: list[_Found], of_section: dict[_Place, Numbers]) -> int:
        """Reads the rows of ``chunk`` and writes them, as long as no row of the file is wrong; returns their number."""
        keys = [found.pk for found in chunk]
        by_key = Submission.objects.select_related("site", "period__year").in_bulk(keys)
        sheets = load_sheets([by_key[pk] for pk in keys])
        self.grid_rows.loaded()
        touched = [found.pk for found in chunk if self._read_sheet(sheets[found.pk], of_section[found.place])]
        self.report.submissions += len(touched)
        keep = not self.report.problems and not self.dry_run
        if keep and touched:
            # First, for it is through this statement that the database learns who acts.
            Submission.objects.filter(pk__in=touched).update(
                revision=F("revision") + 1, saved_by=self.user, saved_at=self.now
            )
        if self.preparing is not None and not self.report.problems:
            self.preparing.take(touched, self.grid_rows.changes)
            self.preparing.is_whole &= not self.register_rows.has_lines
        self.register_rows.settle(keep=keep)
        if keep and not self.report.problems:
            self.grid_rows.write()
        else:
            self.grid_rows.forget()
        return sum(len(of_section[found.place]) for found in chunk)

    def _read_sheet(self, sheet: Sheet, numbers: Numbers) -> bool:
        """Reads the rows of one submission; True if something is going to change in it."""
        counts = self.report.counts
        changed: dict[str, int] = {}
        self.grid_rows.starting(sheet)
        self.register_rows.starting(sheet)
        kinds, items, targets = self._kinds, self._items, self._targets
        for number in numbers:
            line = self.layout.line(number)
            words = (kinds[number], items[number])
            target = targets.get(words)
            if target is None:
                target = targets[words] = self._target(line)
            table, row, catalogue = target
            if isinstance(table, Grid):
                outcome = self.grid_rows.take(line, table, row, catalogue)
            else:
                outcome, row = self.register_rows.take(line, table)
            counts[outcome] += 1
            if outcome != INVALID and outcome != UNCHANGED:
                changed[row] = line.number
        if changed:
            self._warn(sheet, changed)
        return bool(changed)

    def _target(self, line: Line) -> _Target:
        table = self.lookup.kind(self._get["record_kind"](line)).table
        if not isinstance(table, Grid):
            return _Target(table, "", ())
        key, catalogue = self.lookup.item(table, self._get["item"](line))
        return _Target(table, row_id(table.code, key), catalogue)

    def _warn(self, sheet: Sheet, changed: dict[str, int]) -> None:
        """Notes what looks odd. Behind those that are told, warnings are counted."""
        in_words = self.warnings_told is None or len(self.report.warnings) < self.warnings_told
        found = [
            finding
            for finding in checks.run(sheet, for_submission=False, in_words=in_words)
            if finding.is_open and finding.severity != Severity.NOTICE
        ]
        if not in_words:
            self.report.more_warnings += len(found)
            return
        place = str(sheet.submission)
        for finding in found:
            warned = Warned(row=changed.get(finding.row), submission=place, message=finding.message)
            self.report.warnings.append(warned)


def _chunks(found: list[_Found], of_section: dict[_Place, Numbers]) -> Iterator[list[_Found]]:
    """Submissions in their order, cut so that each part has about so many rows."""
    chunk: list[_Found] = []
    rows = 0
    for submission in found:
        chunk.append(submission)
        rows += len(of_section[submission.place])
        if rows >= _CHUNK_ROWS or len(chunk) >= _CHUNK_SUBMISSIONS:
            yield chunk
            chunk, rows = [], 0
    if chunk:
        yield chunk
