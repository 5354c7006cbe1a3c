"""Opening years and periods, and saving an entry page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.base import ModelState
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.models import Change
from apps.organisation.choices import Frequency
from apps.organisation.models import Assignment, Group, Period, ReportingYear
from apps.organisation.models.calendar import last_of_month
from apps.submissions import explanations, policies, posted, takeover
from apps.submissions.choices import State
from apps.submissions.entry import Cell, Entered, Problem, read_cell, values_of
from apps.submissions.findings import row_id
from apps.submissions.lines import put_on
from apps.submissions.models import NothingToReport, QuantityRecord, Record, Submission
from apps.submissions.posted import Posted
from apps.submissions.registers import RegisterFormSet, formset_for, is_untouched
from apps.submissions.sections import sections
from apps.submissions.sheets import Row, Sheet, load_for_saving
from apps.submissions.written_rows import write_rows, write_touched


@transaction.atomic
def open_year(year: ReportingYear) -> int:
    """Creates the months and the year itself as periods, and what sites are expected to hand in.

    Safe to repeat: only what is missing is added. Returns the number of new submissions.
    """
    _lock(year)
    group = Group.current()
    periods = []
    first = year.starts_on
    while first <= year.ends_on:
        last = last_of_month(first)
        periods.append(
            Period(
                year=year,
                frequency=Frequency.MONTH,
                code=f"{first:%Y-%m}",
                starts_on=first,
                ends_on=last,
                due_on=last + dt.timedelta(days=group.days_to_hand_in_month),
            )
        )
        first = last + dt.timedelta(days=1)
    periods.append(
        Period(
            year=year,
            frequency=Frequency.YEAR,
            code=year.code,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            due_on=year.ends_on + dt.timedelta(days=group.days_to_hand_in_year),
        )
    )
    Period.objects.bulk_create(periods, ignore_conflicts=True)
    return match_assignments(year)


@transaction.atomic
def match_assignments(year: ReportingYear) -> int:
    """Makes the submissions of ``year`` those that assignments ask for; returns the number of new ones.

    What nobody asks for any more goes, as long as nobody has touched it; what was worked on stays.
    """
    _lock(year)
    wanted = []
    for period in year.periods.all():
        assignments: Any = Assignment.objects.in_force(period.starts_on, period.ends_on)
        wanted += [
            Submission(site_id=assignment.site_id, period=period, section=assignment.section)
            for assignment in assignments
            if assignment.section in sections and sections[assignment.section].frequency == period.frequency
        ]
    present = {
        (site_id, period_id, section): pk
        for pk, site_id, period_id, section in Submission.objects.filter(period__year=year).values_list(
            "pk", "site_id", "period_id", "section"
        )
    }
    asked_for = {(submission.site_id, submission.period_id, submission.section): submission for submission in wanted}
    _untouched(year).exclude(pk__in=[pk for key, pk in present.items() if key in asked_for]).delete()
    created = Submission.objects.bulk_create(submission for key, submission in asked_for.items() if key not in present)
    return len(created)


def _untouched(year: ReportingYear) -> QuerySet[Submission]:
    """Drafts on which nothing hangs: no row, file or remark was ever written for them."""
    ever_written = Change.objects.filter(submission_id=OuterRef("pk"))
    return Submission.objects.filter(~Exists(ever_written), period__year=year, state=State.DRAFT, revision=0)


def _lock(year: ReportingYear) -> None:
    """Two people who open a year at once take turns, and the second finds nothing missing."""
    ReportingYear.objects.select_for_update().get(pk=year.pk)


@dataclass(kw_only=True)
class SaveResult:
    """What a save did. ``problems`` by row id, wrong ``registers`` and a ``conflict`` are what the page shows again."""

    submission: Submission
    saved: int = 0
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    registers: dict[str, RegisterFormSet] = field(default_factory=dict)
    conflict: bool = False

    @property
    def not_saved(self) -> int:
        """Rows and lines with something wrong."""
        return len(self.problems) + sum(formset.wrong_lines() for formset in self.registers.values())


def save_page(*, submission_id: int, user: User, data: QueryDict) -> tuple[Posted, SaveResult]:
    """Saves what somebody sent from the entry page of a submission: what was sent, and what came of it.

    404 for a stranger, 403 for somebody who may see and not edit. Whatever goes wrong undoes the whole request, so
    that there is no savepoint to set here.
    """
    with transaction.atomic(savepoint=False):
        submission = policies.access_submission(user, submission_id, to_edit=True, lock=True)
        sent = posted.read(data, submission.section_declaration)
        return sent, _save(submission, user, sent.revision, sent.entered)


@transaction.atomic
def save_entry(*, submission_id: int, user: User | None, revision: int | None, entered: Entered) -> SaveResult:
    """Saves what is right on an entry page and returns what is wrong with the rest.

    A cell stands for itself; of a register all lines are saved or none. A ``revision`` other than the stored one is a
    conflict, and so is a submission that is no longer open: nothing is written. ``user`` None is a command run by the
    operator of the machine.
    """
    submission = (
        Submission.objects.select_related("site", "period__year").select_for_update(of=("self",)).get(pk=submission_id)
    )
    if user is not None and not policies.may_prepare(user, submission):
        raise PermissionDenied
    return _save(submission, user, revision, entered)


def _save(submission: Submission, user: User | None, revision: int | None, entered: Entered) -> SaveResult:
    """For a submission that is locked, on behalf of somebody who may prepare it."""
    result = SaveResult(submission=submission)
    if revision is not None and revision != submission.revision or not submission.is_open:
        result.conflict = True
        return result
    sheet = load_for_saving(submission)
    changes = Changes(user=user)
    put_on(sheet, entered.cells)
    for name, cell in entered.cells.items():
        if name in sheet.rows:
            changes.take(sheet.rows[name], cell, submission, result.problems)
    result.saved = changes.write(touching=submission)
    touched = _save_registers(sheet, entered.registers, user, result) if entered.registers is not None else set()
    for table, stated in entered.nothing_to_report.items():
        _save_nothing_to_report(sheet, table, stated, table in touched, user, result)
    if entered.explanations or entered.explained_as_before:
        result.saved += explanations.write(
            submission, sheet.explanations, entered.explanations, entered.explained_as_before, user
        )
    if result.saved and not changes.have_touched:
        touch(submission, user)
    return result


def _save_registers(sheet: Sheet, data: Mapping[str, Any], user: User | None, result: SaveResult) -> set[str]:
    """Returns the registers whose lines are no longer those of the sheet."""
    now, touched = timezone.now(), set()
    for register in sheet.section.typed_registers:
        if is_untouched(register, sheet, data):
            continue
        formset = formset_for(register, sheet, data)
        if formset.is_valid():
            written = formset.write(user, now)
            result.saved += written
            if written:
                touched.add(register.code)
        if formset.wrong_lines():
            result.registers[register.code] = formset
    return touched


def _save_nothing_to_report(
    sheet: Sheet, table: str, stated: bool, touched: bool, user: User | None, result: SaveResult
) -> None:
    """Lines and the word that there are none do not go together: the lines win, and the word is withdrawn."""
    submission, register = sheet.submission, sheet.section.table(table)
    # The submission is locked: what the sheet has of it stands, save for what this save wrote.
    has_lines = bool(sheet.entries[table])
    if touched:
        has_lines = register.model._default_manager.filter(submission=submission).exists()
    if stated and has_lines:
        message = _("There are lines, and “nothing to report” is ticked. Keep one of the two.")
        result.problems[row_id(table, "")] = [Problem(field="nothing", message=message)]
    wanted = stated and not has_lines
    if wanted != (table in sheet.nothing_to_report):
        result.saved += state_nothing_to_report(submission, table, user, wanted)


def touch(submission: Submission, user: User | None) -> None:
    """Counts the revision up and notes who worked on it last."""
    _count_up(submission, user)
    write_touched(submission)


def _count_up(submission: Submission, user: User | None) -> None:
    submission.revision += 1
    submission.saved_by = user
    submission.saved_at = timezone.now()


@transaction.atomic
def take_over(*, submission_id: int, user: User) -> int:
    """Brings every register of a form that has a source up to date; the number of lines that changed.

    What people typed stays with its line. A form that is no longer open is left alone: PermissionDenied.
    """
    submission = (
        Submission.objects.select_related("site", "period__year").select_for_update(of=("self",)).get(pk=submission_id)
    )
    if not policies.may_edit(user, submission):
        raise PermissionDenied
    now, count = timezone.now(), 0
    for register in submission.section_declaration.registers:
        if register.source is None:
            continue
        model: Any = register.model
        stored = list(model.objects.filter(submission=submission))
        found = takeover.changes(register, register.source, submission, stored)
        for record in (*found.created, *found.updated):
            # Whoever typed beside a line stays the one who entered it.
            if record.pk is None or not takeover.is_typed(record, register.source):
                record.entered_by, record.entered_at = user, now
        model.objects.filter(pk__in=[record.pk for record in found.removed]).delete()
        model.objects.bulk_create(found.created, batch_size=2000)
        if found.updated:
            update_rows(model, found.updated, [*takeover.columns(model, register.source), "entered_by", "entered_at"])
        count += found.count
    if count:
        touch(submission, user)
    return count


class Changes:
    """Collects changes of quantity records and writes them with a fixed number of statements."""

    def __init__(self, *, user: User | None) -> None:
        self.user = user
        self.now = timezone.now()
        self.created: dict[type[QuantityRecord], list[QuantityRecord]] = {}
        self.updated: dict[type[QuantityRecord], list[QuantityRecord]] = {}
        self.deleted: dict[type[QuantityRecord], list[int]] = {}
        # Whether ``write`` has counted up the revision of the submission.
        self.have_touched = False
        self._blanks: dict[type[QuantityRecord], dict[str, Any]] = {}
        self._row_columns: dict[type[QuantityRecord], tuple[tuple[str, str], ...]] = {}

    def take(self, row: Row, cell: Cell, submission: Submission, problems: dict[str, list[Problem]]) -> str | None:
        """Notes what ``cell`` changes: "created", "updated", "deleted", or None for nothing or a problem."""
        model, record = row.grid.model, row.record
        if cell.is_blank:
            if record is None:
                return None
            self.deleted.setdefault(model, []).append(record.pk)
            row.record = None
            return "deleted"
        values, found = read_cell(row, cell)
        if found:
            problems[row.id] = found
            return None
        if record is None:
            record = self._new(row, submission, values)
            row.record = record
            self.created.setdefault(model, []).append(record)
            return "created"
        if values_of(record, row.grid.extra_quantities) == values:
            return None
        kept = record.__dict__
        kept.update(values)
        kept["entered_at"], kept["entered_by_id"] = self.now, None if self.user is None else self.user.pk
        record._state.fields_cache["entered_by"] = self.user
        self.updated.setdefault(model, []).append(record)
        return "updated"

    def _new(self, row: Row, submission: Submission, values: dict[str, Any]) -> QuantityRecord:
        """A record like ``model(…)``, which takes ten times as long and is half the time of a large import."""
        model: Any = row.grid.model
        blank = self._blanks.get(model)
        if blank is None:
            blank = self._blanks[model] = {name: kept for name, kept in vars(model()).items() if name != "_state"}
            blank["entered_at"] = self.now
            blank["entered_by_id"] = None if self.user is None else self.user.pk
            self._row_columns[model] = tuple((name, f"{name}_id") for name in model.row_fields)
        record: QuantityRecord = model.__new__(model)
        state = ModelState()
        related: dict[str, Any] = {"submission": submission, "entered_by": self.user}
        state.fields_cache = related
        kept = {"_state": state, **blank, **values, "submission_id": submission.id}
        for (name, column), entry in zip(self._row_columns[model], row.catalogue, strict=True):
            related[name] = entry
            kept[column] = entry.id
        record.__dict__ = kept
        return record

    def write(self, touching: Submission | None = None) -> int:
        """Writes everything noted, with one statement for all rows that stay; returns the number of rows.

        Where rows are written, that statement touches the submission too: the same as ``touch``, and one round less.
        """
        for model, ids in self.deleted.items():
            model._default_manager.filter(pk__in=ids).delete()
        if touching is not None and (self.created or self.updated):
            _count_up(touching, self.user)
            self.have_touched = True
        write_rows(self.created, self.updated, touching if self.have_touched else None)
        return sum(len(rows) for noted in (self.created, self.updated, self.deleted) for rows in noted.values())


def update_rows(model: type[Record], records: Sequence[Record], names: Sequence[str]) -> None:
    """Writes fields of stored rows, many in one statement.

    An upsert on the primary key: ``bulk_update`` builds a CASE for each field and row, at 400 rows a second.
    """
    rows: Any = model._default_manager  # the type checker's plugin stumbles over an abstract model's key
    rows.bulk_create(records, batch_size=2000, update_conflicts=True, unique_fields=["pk"], update_fields=names)


def state_nothing_to_report(submission: Submission, table: str, user: User | None, stated: bool) -> bool:
    """Keeps or withdraws the word that a register is empty; True if that changed anything."""
    rows = NothingToReport.objects.filter(submission=submission, table=table)
    if stated:
        return NothingToReport.objects.get_or_create(submission=submission, table=table, defaults={"stated_by": user})[
            1
        ]
    return bool(rows.delete()[0])
