"""What the people of the demonstration did: entered, explained, handed in, approved or sent back.

Everything goes through the services and the workflow under the name of the person, so that locks, seals, events and
the audit trail come about as in daily work.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo import files
from apps.demo.data import DemoError, rows
from apps.demo.organisation import section_with
from apps.environment.models import Measure, Pollutant, Stack, StackTest
from apps.submissions import checks, services, workflow
from apps.submissions.choices import Severity, State
from apps.submissions.entry import Cell
from apps.submissions.findings import row_id
from apps.submissions.models import Evidence, Explanation, Submission
from apps.submissions.sheets import Sheet, load_sheet

SOURCE: Final = "load_demo"
# Of this year everything is approved; of the next one the decisions are listed in their file.
APPROVED_YEAR: Final = "2020"
_STOCKS: Final = ("opening_stock", "taken_away", "closing_stock")
_FILES: Final[dict[str, tuple[Callable[[str], bytes], str]]] = {
    "page": (files.page, "application/pdf"),
    "meter": (files.meter, "image/png"),
}


@dataclass(kw_only=True)
class Chapter:
    """All that the files say of one submission."""

    cells: dict[str, Cell] = field(default_factory=dict)
    stack_tests: list[dict[str, str]] = field(default_factory=list)
    measures: list[dict[str, str]] = field(default_factory=list)
    explanations: dict[tuple[str, str], str] = field(default_factory=dict)
    evidence: list[dict[str, str]] = field(default_factory=list)
    until: str = State.DRAFT
    comment: str = ""
    questions: list[tuple[str, str]] = field(default_factory=list)


Story = dict[tuple[str, str, str], Chapter]


def read_story() -> Story:
    """Chapters by site, period and section."""
    story: Story = defaultdict(Chapter)

    def chapter(values: dict[str, str], table: str) -> Chapter:
        return story[values.pop("site"), values.pop("period"), section_with(table).code]

    for name in ("quantities_2020.csv", "quantities_2021.csv"):
        for values in rows(name):
            stocks = {stock: text for stock in _STOCKS if (text := values.pop(stock))}
            cells = chapter(values, values["row"].partition(":")[0]).cells
            row = values.pop("row")
            cells[row] = Cell(**values, extras=stocks)
    for values in rows("stack_tests.csv"):
        chapter(values, "stack_test").stack_tests.append(values)
    for values in rows("measures.csv"):
        chapter(values, "measure").measures.append(values)
    for values in rows("explanations.csv"):
        told = chapter(values, values["row"].partition(":")[0]).explanations
        told[values["finding"], values["row"]] = values["text"]
    for values in rows("evidence.csv"):
        chapter(values, values["row"].partition(":")[0] or "stack_test").evidence.append(values)
    for values in rows("decisions_2021.csv"):
        decided = chapter(values, "production")
        decided.until = values["until"]
        decided.comment = decided.comment or values["comment"]
        if values["question"]:
            decided.questions.append((values["row"], values["question"]))
    return story


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
    clerk = people[f"clerk-{submission.site.code.lower()}"]
    reviewer = people["reviewer"]
    with acting_as(clerk, SOURCE):
        _enter(submission, chapter, clerk)
        sheet = load_sheet(submission)
        _attach_evidence(sheet, chapter, clerk)
        if chapter.until == State.DRAFT:
            return
        _explain(sheet, chapter, clerk)
        submission.refresh_from_db()
        workflow.submit(submission_id=submission.pk, user=clerk, revision=submission.revision)
    if chapter.until == State.SUBMITTED:
        return
    with acting_as(reviewer, SOURCE):
        if chapter.until == State.APPROVED:
            workflow.approve(submission_id=submission.pk, user=reviewer)
        else:
            workflow.send_back(
                submission_id=submission.pk, user=reviewer, comment=chapter.comment, rows=chapter.questions
            )


def _enter(submission: Submission, chapter: Chapter, clerk: User) -> None:
    result = services.save_cells(
        submission_id=submission.pk, user=clerk, revision=submission.revision, cells=chapter.cells
    )
    if result.problems or result.conflict:
        raise DemoError(f"{submission}: {result.problems or 'a conflict'}")
    entered = {"submission": submission, "entered_by": clerk, "entered_at": timezone.now()}
    for values in chapter.stack_tests:
        stack = Stack.objects.get(code=values["stack"])
        pollutant = Pollutant.objects.get(code=values["pollutant"])
        _save(StackTest(**{**values, "stack": stack, "pollutant": pollutant}, **entered))
    for values in chapter.measures:
        _save(Measure(**values, **entered))
    for register in submission.section_declaration.registers:
        if register.answer_required and chapter.until != State.DRAFT and not chapter.stack_tests:
            services.state_nothing_to_report(submission, register.code, clerk, stated=True)


def _save(record: Any) -> None:
    record.full_clean()
    record.save()


def _attach_evidence(sheet: Sheet, chapter: Chapter, clerk: User) -> None:
    for values in chapter.evidence:
        make, content_type = _FILES[values["kind"]]
        body = make(values["text"])
        Evidence.objects.create(
            submission=sheet.submission,
            row=_stored_row(sheet, values["row"]),
            file=ContentFile(body, name=values["name"]),
            name=values["name"],
            content_type=content_type,
            size_bytes=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            uploaded_by=clerk,
        )


def _explain(sheet: Sheet, chapter: Chapter, clerk: User) -> None:
    """Writes the clerk's words for every warning; a warning without words, or words without one, is a mistake."""
    told = {(finding, _stored_row(sheet, row)): text for (finding, row), text in chapter.explanations.items()}
    for finding in checks.run(sheet):
        if finding.severity == Severity.ERROR:
            raise DemoError(f"{sheet.submission}: {finding.message}")
        if finding.severity == Severity.WARNING:
            text = told.pop((finding.code, finding.row), "")
            if not text:
                raise DemoError(f"{sheet.submission}: nobody explains that {finding.message}")
            Explanation.objects.create(
                submission=sheet.submission,
                finding=finding.code,
                row=finding.row,
                fingerprint=finding.fingerprint,
                text=text,
                written_by=clerk,
            )
    if told:
        raise DemoError(f"{sheet.submission}: nothing to explain at {', '.join(row for _, row in told)}")


def _stored_row(sheet: Sheet, row: str) -> str:
    """The files name an entry of a register by its codes, the database by its number; the first that fits is meant."""
    table, _, key = row.partition(":")
    for entry in sheet.entries.get(table, ()):
        if entry.row_key == key:
            return row_id(table, str(entry.pk))
    return row
