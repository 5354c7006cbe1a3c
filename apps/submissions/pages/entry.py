"""The entry page as a whole: loads once what it shows, and puts its parts together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import checks, meanwhile, policies
from apps.submissions.attached import name_people
from apps.submissions.choices import State, Verb
from apps.submissions.entry import Entered
from apps.submissions.evidence import ACCEPT
from apps.submissions.findings import Finding, row_id
from apps.submissions.lines import Choice, choices, put_on
from apps.submissions.marks import Mark, mark_of
from apps.submissions.meanwhile import Meanwhile
from apps.submissions.models import Comment, Evidence, Submission, SubmissionEvent
from apps.submissions.pages.grids import GridView, GridViews, Typed
from apps.submissions.pages.marks import FindingView, Remarks, remarks
from apps.submissions.pages.matrix import MatrixView, matrix
from apps.submissions.pages.options import unit_names
from apps.submissions.pages.registers import (
    ErrorView,
    RegisterView,
    editable_register,
    empty_register,
    readable_register,
)
from apps.submissions.posted import Posted
from apps.submissions.published import published
from apps.submissions.registers import Offered, formset_for, offered
from apps.submissions.sections import Grid, Register
from apps.submissions.services import SaveResult
from apps.submissions.sheets import Sheet, load_sheet


@dataclass(kw_only=True)
class EntryPage:
    """Everything the template of the entry page writes."""

    submission: Submission
    mark: Mark
    editable: bool
    # Why nothing can be typed, where that is so.
    why_not: str
    # What is to be known of a form of a published year.
    published: str
    tables: Sequence[GridView | MatrixView | RegisterView]
    # Each with the field, or the table, that wants an answer.
    missing: Sequence[tuple[Finding, str]]
    page_findings: Sequence[FindingView]
    page_comments: Sequence[Comment]
    evidence: Sequence[tuple[Evidence, str]]
    row_titles: SafeString
    # Rows with remarks that may be answered.
    answered_rows: Sequence[str]
    rows_answered: int
    rows_expected: int
    returned: SubmissionEvent | None
    may_answer: bool
    # What came of a save that did not go through in full.
    saved: int = 0
    errors: Sequence[ErrorView] = ()
    conflict: bool = False
    entries_meanwhile: Mapping[str, Any] = field(default_factory=dict)
    # A grid for which a line is being chosen, its choices, and the lines put on before.
    adding: str = ""
    add_choices: Sequence[Choice] = ()
    added: Sequence[str] = ()
    # For the browser: what units are called, with their codes.
    unit_names: SafeString = SafeString()

    @property
    def not_saved(self) -> int:
        return len({error.anchor.rpartition(":")[0] or error.anchor for error in self.errors})

    @property
    def accept(self) -> str:
        """What the file chooser offers."""
        return ACCEPT


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for: lines to put on, and the grid for which one is to be chosen."""

    rows: Sequence[str] = ()
    adding: str = ""


def build(
    submission: Submission,
    user: User,
    *,
    asked: Asked | None = None,
    posted: Posted | None = None,
    result: SaveResult | None = None,
) -> EntryPage:
    """The page of ``submission`` for ``user``; with ``posted`` and ``result`` after a save that left something open."""
    asked = asked or Asked()
    entered = posted.entered if posted else None
    sheet = load_sheet(submission)
    conflict = result is not None and result.conflict
    put_on(sheet, [*asked.rows, *(entered.cells if entered else ())])
    # Somebody else handed it in meanwhile: what was typed is shown, though it cannot be saved.
    editable = policies.may_edit(user, submission) or (conflict and policies.may_prepare(user, submission))
    findings = checks.run(sheet)
    comments, evidence = sheet.comments, sheet.evidence
    name_people([comments, evidence], ["author", "settled_by"], ["uploaded_by"])
    noted = remarks(findings, comments, evidence, entered)
    between = meanwhile.since(sheet, posted.revision) if posted and conflict else Meanwhile()
    # The line that was put on just now takes the cursor.
    focus = asked.rows[-1] if asked.rows else ""
    may_answer = policies.may_prepare(user, submission) or policies.may_review(user, submission)
    views = GridViews(
        sheet,
        editable=editable,
        shown=_typed(entered, result, between),
        remarks=noted,
        focus=focus,
        may_answer=may_answer,
    )
    offers = offered(sheet, sheet.section.typed_registers) if editable else {}
    tables = [
        _grid(table, sheet, views)
        if isinstance(table, Grid)
        else _register(
            table, sheet, noted, offers.get(table.code, {}), editable=editable, entered=entered, result=result
        )
        for table in sheet.section.tables
    ]
    titles = _row_titles(sheet)
    adding = next((grid for grid in sheet.section.grids if editable and grid.code == asked.adding), None)
    return EntryPage(
        submission=submission,
        mark=mark_of(submission),
        editable=editable,
        why_not=_why_not(submission, user),
        published=published(submission, user).note,
        tables=tables,
        missing=[(finding, _field_of(finding, sheet)) for finding in findings if finding.code == "missing"],
        page_findings=noted.of("").findings,
        page_comments=[comment for comment in comments if not comment.row or comment.row not in titles],
        evidence=[(file, titles.get(file.row, "")) for file in evidence],
        row_titles=format_html_join("", '<option value="{}">{}</option>', titles.items()),
        answered_rows=_answered(tables),
        rows_answered=sheet.rows_answered,
        rows_expected=sheet.rows_expected,
        returned=_returned(submission),
        may_answer=may_answer,
        saved=result.saved if result else 0,
        errors=_errors(result, titles, tables) if result and not conflict else (),
        conflict=conflict,
        entries_meanwhile=between.entries,
        adding=adding.code if adding else "",
        add_choices=choices(sheet, adding) if adding else (),
        added=[row.id for row in sheet.rows.values() if not row.expected and row.record is None],
        unit_names=unit_names(get_language()) if editable else SafeString(),
    )


def _grid(grid: Grid, sheet: Sheet, views: GridViews) -> GridView | MatrixView:
    return matrix(grid, sheet, views) if grid.across else views.grid(grid)


def _typed(entered: Entered | None, result: SaveResult | None, between: Meanwhile) -> Typed:
    if entered is None or result is None:
        return Typed()
    if result.conflict:
        return Typed(cells=entered.cells, touched=between.rows)
    # What was right is stored now and shown as stored; the rest stays as it was typed.
    wrong = {row: cell for row, cell in entered.cells.items() if row in result.problems}
    return Typed(cells=wrong, problems=result.problems)


def _register(
    register: Register,
    sheet: Sheet,
    noted: Remarks,
    choices: Offered,
    *,
    editable: bool,
    entered: Entered | None,
    result: SaveResult | None,
) -> RegisterView:
    if not editable or not register.by_hand:
        return readable_register(register, sheet, noted, editable=editable)
    problem = ""
    nothing = register.code in sheet.nothing_to_report
    if result is None and (view := empty_register(register, sheet, choices, noted, nothing=nothing)) is not None:
        return view
    formset = formset_for(register, sheet)
    if result is not None and entered is not None:
        found = result.problems.get(row_id(register.code, ""), ())
        problem = found[0].message if found else ""
        if result.conflict:
            nothing = entered.nothing_to_report.get(register.code, nothing)
            formset = formset_for(register, sheet, entered.registers)
        formset = result.registers.get(register.code, formset)
    formset.offer(choices)
    return editable_register(register, sheet, formset, noted, nothing=nothing, problem=problem)


def _answered(tables: Sequence[GridView | MatrixView | RegisterView]) -> list[str]:
    found = []
    for table in tables:
        if isinstance(table, RegisterView):
            found += [line.row_id for line in table.lines if line.remarks.comments]
        else:
            found += [row.id for row in table.rows if row.remarks.comments]
    return found


def _row_titles(sheet: Sheet) -> dict[str, str]:
    titles = {row.id: row.title for row in sheet.rows.values()}
    for register in sheet.section.registers:
        titles[row_id(register.code, "")] = str(register.title)
        for record in sheet.entries[register.code]:
            titles[row_id(register.code, str(record.pk))] = f"{register.title}: {record}"
    return titles


def _errors(
    result: SaveResult, titles: Mapping[str, str], tables: Sequence[GridView | MatrixView | RegisterView]
) -> Sequence[ErrorView]:
    found = []
    for row, problems in result.problems.items():
        for problem in problems:
            name = f"nothing:{row.removesuffix(':')}" if problem.field == "nothing" else f"{row}:{problem.field}"
            found.append(ErrorView(anchor=name, title=titles.get(row, row), message=problem.message))
    for table in tables:
        if isinstance(table, RegisterView) and table.code in result.registers:
            found += table.errors
            found += [
                ErrorView(anchor=table.anchor, title=table.title, message=message) for message in table.form_errors
            ]
    return found


def _field_of(finding: Finding, sheet: Sheet) -> str:
    """The id of the field to go to: a link there takes the focus along."""
    return f"{finding.row}:value" if finding.row in sheet.rows else finding.anchor


def _returned(submission: Submission) -> SubmissionEvent | None:
    if submission.state != State.RETURNED:
        return None
    events = submission.events.filter(verb__in=[Verb.SENT_BACK, Verb.REOPENED]).select_related("actor")
    return events.last()


def _why_not(submission: Submission, user: User) -> str:
    """One sentence for those who may only read."""
    if submission.state == State.APPROVED and submission.period.year.published_at is not None:
        return ""  # ``published`` says it.
    if submission.state == State.APPROVED:
        return _("This form is approved and locked. A lead reviewer can reopen it with a reason.")
    if submission.state == State.SUBMITTED:
        return _("This form is handed in and locked until it is reviewed. A reviewer can send it back to be corrected.")
    if not policies.may_prepare(user, submission):
        return _("You may read this form. Its figures are entered by the preparers of the site.")
    return ""
