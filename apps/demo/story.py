"""What the people of the demonstration did: entered, explained, handed in, approved or sent back.

Everything goes through the services and the workflow under the name of the person, so that locks, seals, events and
the audit trail come about as in daily work.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ForeignKey
from django.utils import translation

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo import files
from apps.demo.chapters import Chapter, read_story
from apps.demo.data import DemoError
from apps.demo.people import preparer_of
from apps.product_responsibility.models import Complaint
from apps.submissions import checks, evidence, services, workflow
from apps.submissions.choices import Severity, State
from apps.submissions.entry import Entered
from apps.submissions.findings import row_id
from apps.submissions.models import Submission
from apps.submissions.sections import Register
from apps.submissions.sheets import Sheet, load_sheet
from apps.workforce.models import Injury

SOURCE: Final = "load_demo"
# Of this year everything is approved; of the next one the decisions are listed in their file.
APPROVED_YEAR: Final = "2020"
# Rows that the files name otherwise than by a code.
_KNOWN_BY: Final[dict[Any, str]] = {Injury: "case_number", Complaint: "reference"}
_FILES: Final[dict[str, Callable[[str], bytes]]] = {"page": files.page, "meter": files.meter}


def play(people: Mapping[str, User]) -> None:
    """Fills the opened years, month by month."""
    story = read_story()
    in_order = Submission.objects.with_place().order_by("period__ends_on", "site__position", "section")
    for submission in in_order:
        chapter = story.pop((submission.site.code, submission.period.code, submission.section), None)
        if chapter is not None:
            if submission.period.year.code == APPROVED_YEAR:
                chapter.until = State.APPROVED
            _play_chapter(submission, chapter, people)
    if story:
        raise DemoError(f"no submission is open for {', '.join(' '.join(key) for key in story)}")


def _play_chapter(submission: Submission, chapter: Chapter, people: Mapping[str, User]) -> None:
    clerk = people[preparer_of(submission.site.code, submission.section).username]
    reviewer = people["reviewer"]
    # The trail keeps what the checks said in the words the person read.
    with translation.override(clerk.language), acting_as(clerk, SOURCE):
        submission = _enter(submission, chapter, clerk)
        sheet = load_sheet(submission)
        _attach_evidence(sheet, chapter, clerk)
        if chapter.evidence:
            sheet = load_sheet(submission)  # some checks ask for it
        if chapter.until == State.DRAFT:
            return
        submission = _explain(sheet, chapter, clerk)
        workflow.submit(submission_id=submission.pk, user=clerk, revision=submission.revision)
    if chapter.until == State.SUBMITTED:
        return
    with translation.override(reviewer.language), acting_as(reviewer, SOURCE):
        if chapter.until == State.APPROVED:
            workflow.approve(submission_id=submission.pk, user=reviewer)
        else:
            workflow.send_back(
                submission_id=submission.pk, user=reviewer, comment=chapter.comment, rows=chapter.questions
            )


def _enter(submission: Submission, chapter: Chapter, clerk: User) -> Submission:
    """What the clerk typed on the entry page, and the tick where there was nothing to report."""
    registers = submission.section_declaration.typed_registers
    if any(register.source for register in submission.section_declaration.registers):
        services.take_over(submission_id=submission.pk, user=clerk)
        submission.refresh_from_db()
    lines = {
        register.code: [_as_chosen(register, values) for values in chapter.registers[register.code]]
        for register in registers
        if register.source is None
    }
    known = {
        register.code: _beside(submission, register, chapter.registers[register.code])
        for register in registers
        if register.source
    }
    empty = {
        register.code: True
        for register in registers
        if register.answer_required and chapter.until != State.DRAFT and not lines.get(register.code)
    }
    result = services.save_entry(
        submission_id=submission.pk,
        user=clerk,
        revision=submission.revision,
        entered=Entered(
            cells=chapter.cells,
            registers=_as_posted(lines) | _as_posted(known, stored=True),
            nothing_to_report=empty,
        ),
    )
    typed = len(chapter.cells) + sum(len(entries) for entries in lines.values()) + len(empty)
    typed += sum(len(chapter.registers[code]) for code in known)
    if result.saved != typed or result.not_saved:
        wrong = [result.problems, *(formset.errors for formset in result.registers.values())]
        raise DemoError(f"{submission}: {result.saved} of {typed} saved {wrong}")
    return result.submission


def _beside(submission: Submission, register: Register, told: list[dict[str, str]]) -> list[dict[str, str]]:
    """Lines that came from a register beside the forms, each with what is typed beside it."""
    said = {values["code"]: values for values in told}
    posted = []
    for line in load_sheet(submission).entries[register.code]:
        typed = {name: text for name, text in said.get(line.row_key, {}).items() if name != "code"}
        posted.append({"id": str(line.pk), **typed})
    return posted


def _as_chosen(register: Register, values: Mapping[str, str]) -> dict[str, str]:
    """The page sends the numbers of catalogue rows and cases, the file names their codes."""
    chosen = dict(values)
    for name, text in values.items():
        column: Any = register.model._meta.get_field(name)
        if isinstance(column, ForeignKey):
            code = _KNOWN_BY.get(column.related_model, "code")
            chosen[name] = str(column.related_model._default_manager.get(**{code: text}).pk)
    return chosen


def _as_posted(lines: Mapping[str, list[dict[str, str]]], *, stored: bool = False) -> dict[str, str]:
    """Lines of registers as the entry page sends them: new ones, or those that are ``stored``."""
    posted: dict[str, str] = {}
    for register, entries in lines.items():
        initial = len(entries) if stored else 0
        posted |= {f"{register}-TOTAL_FORMS": str(len(entries)), f"{register}-INITIAL_FORMS": str(initial)}
        for number, values in enumerate(entries):
            posted |= {f"{register}-{number}-{name}": text for name, text in values.items()}
    return posted


def _attach_evidence(sheet: Sheet, chapter: Chapter, clerk: User) -> None:
    for values in chapter.evidence:
        evidence.attach(
            submission_id=sheet.submission.pk,
            user=clerk,
            row=_stored_row(sheet, values["row"]),
            upload=SimpleUploadedFile(values["name"], _FILES[values["kind"]](values["text"])),
        )


def _explain(sheet: Sheet, chapter: Chapter, clerk: User) -> Submission:
    """Writes the clerk's words for every warning; a warning without words, or words without one, is a mistake."""
    told = {(finding, _stored_row(sheet, row)): text for (finding, row), text in chapter.explanations.items()}
    warnings = {(finding.code, finding.row) for finding in checks.run(sheet) if finding.severity == Severity.WARNING}
    if warnings != set(told):
        raise DemoError(f"{sheet.submission}: warnings {warnings}, explanations for {set(told)}")
    if not told:
        return sheet.submission
    return services.save_entry(
        submission_id=sheet.submission.pk,
        user=clerk,
        revision=sheet.submission.revision,
        entered=Entered(explanations=told),
    ).submission


def _stored_row(sheet: Sheet, row: str) -> str:
    """The files name an entry of a register by its codes, the database by its number; the first that fits is meant."""
    table, _, key = row.partition(":")
    for entry in sheet.entries.get(table, ()):
        if entry.row_key == key:
            return row_id(table, str(entry.pk))
    return row
