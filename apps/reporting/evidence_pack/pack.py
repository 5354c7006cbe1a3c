"""What goes into an evidence pack, file by file. Rows and files are written as they come, never all in memory."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import PurePath
from typing import IO, Any, Final

from django.core.exceptions import SuspiciousFileOperation
from django.db.models import Min, Q, TextField
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.models import Change
from apps.audit.veils import open_to
from apps.core.formats import plain_text
from apps.indicators.basis import Basis, exactly
from apps.indicators.computation import Figures, compute
from apps.indicators.declarations import Kpi, RecordKpi
from apps.indicators.figures import Figure
from apps.indicators.kpi_set import KpiSet, current_kpis
from apps.indicators.lineage import Contribution, every_contribution
from apps.jobs.kinds import JobError
from apps.organisation.models import ReportingYear, Site
from apps.reporting.evidence_pack.archive import Archive
from apps.reporting.evidence_pack.words import LANGUAGES, calculation_text, readme
from apps.submissions.models import (
    Comment,
    Evidence,
    Explanation,
    NothingToReport,
    Seal,
    Submission,
    SubmissionEvent,
)

Step = Callable[[int, int, str], None]

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._~-]")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,5}")
_ATTACHED: Final = (Evidence, Explanation, Comment, NothingToReport)
_CHUNK: Final = 500


class _Pack:
    """One pack while it is written."""

    def __init__(self, archive: Archive, *, kpi: str, year: ReportingYear, user: User, step: Step) -> None:
        self.archive = archive
        self.year = year
        self.user = user
        self.sites: list[Site] = list(Site.objects.all())
        self.kpis: dict[str, KpiSet] = {}
        for language in LANGUAGES:
            with translation.override(language):
                self.kpis[language] = current_kpis().only(kpi)
        self.kpi = self.kpis["en"][kpi]
        with translation.override("en"):
            self.figures = compute(year=year, sites=self.sites, basis=Basis.APPROVED, kpis=self.kpis["en"], reveal=True)
        self.submissions = list(
            Submission.objects.approved()
            .filter(period__year=year, section__in=self.kpis["en"].sections(self.kpi), site__in=self.sites)
            .select_related("site", "period", "submitted_by", "approved_by")
            .order_by("pk")
        )
        self.evidence: set[int] = set()
        self.problems = 0
        self._step = step
        self._done = 0

    def write(self) -> None:
        """Every file of the pack."""
        kpis = list(self.kpis["en"])
        for kpi in kpis:
            self._tell(len(kpis), kpi.code)
            self._write_figure(kpi)
        self._write_evidence(len(kpis))
        self._tell(len(kpis), _("Audit trail"))
        self._write_forms()
        self._write_audit()
        for language in LANGUAGES:
            with translation.override(language):
                text = readme(self.kpis[language][self.kpi.code], self.worded(language), self.problems)
            self.archive.add(f"README.{language}.txt", text)

    def worded(self, language: str) -> Figures:
        """The figures with titles in a language."""
        return self.figures.worded(self.kpis[language], language)

    def _tell(self, figures: int, text: str) -> None:
        self._step(self._done, figures + len(self.evidence) + 1, text)
        self._done += 1

    # Figures

    def _write_figure(self, kpi: Kpi) -> None:
        folder = f"figures/{_UNSAFE.sub('_', kpi.code)}"
        self._write_values(kpi, folder)
        for language in LANGUAGES:
            with translation.override(language):
                text = calculation_text(self.kpis[language][kpi.code], self.worded(language))
            self.archive.add(f"{folder}/calculation.{language}.txt", text)
        with translation.override("en"):
            figure = self.figures.of(kpi.code)
            if figure.calculation is not None:
                self._write_factors(figure, folder)
            if isinstance(kpi, RecordKpi):
                self._write_rows(kpi, figure, folder)

    def _write_values(self, kpi: Kpi, folder: str) -> None:
        with translation.override("en"):
            told = [_value(self.figures.of(kpi.code, place)) for place in (None, *self.sites)]
        with self.archive.table(f"{folder}/values.csv", *told[0]) as table:
            for row in told:
                table.writerow(row.values())
        whole = {
            "kpi": kpi.code,
            "year": self.year.code,
            "starts_on": self.year.starts_on.isoformat(),
            "ends_on": self.year.ends_on.isoformat(),
            "basis": self.figures.basis.value,
            "title": {language: str(self.kpis[language][kpi.code].title) for language in LANGUAGES},
            "made_of": list(kpi.needs),
            "hkex": list(kpi.hkex),
            "values": told,
        }
        self.archive.add(f"{folder}/values.json", json.dumps(whole, ensure_ascii=False, indent=2) + "\n")

    def _write_factors(self, figure: Figure, folder: str) -> None:
        steps = {
            (step.reference, step.title, step.display, step.unit, step.source, step.is_doubtful)
            for line in (figure.calculation.lines if figure.calculation else ())
            for step in line.steps
        }
        columns = ("reference", "title", "value", "unit", "source", "not_confirmed")
        with self.archive.table(f"{folder}/factors.csv", *columns) as table:
            for step in sorted(steps):
                table.writerow([*step[:-1], "yes" if step[-1] else ""])

    def _write_rows(self, kpi: RecordKpi, figure: Figure, folder: str) -> None:
        total: Decimal | None = None
        columns = [name for name, _tell in _COLUMNS]
        with self.archive.table(f"{folder}/rows.csv", *columns) as table:
            for line in every_contribution(kpi, year=self.year, sites=self.sites, basis=Basis.APPROVED):
                table.writerow([tell(line) for _name, tell in _COLUMNS])
                self.evidence.update(file.pk for file in line.evidence)
                if line.amount is not None:
                    with exactly():
                        total = _combined(kpi, total, line.amount)
        if (total or 0) != (figure.value or 0):
            raise JobError(_("The data changed while the pack was made. Make it again."))

    # Evidence

    def _write_evidence(self, figures: int) -> None:
        forms = [form.pk for form in self.submissions]
        self.evidence.update(Evidence.objects.filter(row="", submission__in=forms).values_list("pk", flat=True))
        told = []
        files = Evidence.objects.filter(pk__in=self.evidence).select_related("uploaded_by").order_by("pk")
        for file in files.iterator(_CHUNK):
            self._tell(figures, _("Evidence files"))
            told.append(self._write_file(file))
        columns = (
            *("number", "form", "row", "file_name", "type", "uploaded_by", "uploaded_at", "size_bytes", "sha256"),
            *("state", "found_sha256", "found_size_bytes", "file_in_this_pack"),
        )
        with self.archive.table("evidence.csv", *columns) as table:
            for row in told:
                table.writerow(row)

    def _write_file(self, file: Evidence) -> list[Any]:
        suffix = PurePath(file.name).suffix.lower()
        path = f"evidence/{file.pk}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        try:
            with file.file.open("rb") as content:
                digest, size = self.archive.add_chunks(path, content.chunks())
            state = "unchanged" if (digest, size) == (file.sha256, file.size_bytes) else "CHANGED"
        except (OSError, SuspiciousFileOperation):
            state, path, digest, size = "MISSING", "", "", None
        self.problems += state != "unchanged"
        by = str(file.uploaded_by)
        return [
            *(file.pk, file.submission_id, file.row, file.name, file.content_type, by, file.uploaded_at.isoformat()),
            *(file.size_bytes, file.sha256, state, digest, size, path),
        ]

    # Forms and trail

    def _write_forms(self) -> None:
        columns = ("form", "site", "period", "section", "revision", "handed_in_by", "handed_in_at")
        with self.archive.table("forms.csv", *columns, "approved_by", "approved_at") as table:
            for form in self.submissions:
                table.writerow(
                    [
                        *(form.pk, form.site.code, form.period.code, form.section, form.revision),
                        *(form.submitted_by, _time(form.submitted_at), form.approved_by, _time(form.approved_at)),
                    ]
                )
        ids = [form.pk for form in self.submissions]
        events = SubmissionEvent.objects.filter(submission__in=ids).select_related("actor").order_by("pk")
        with self.archive.table("events.csv", "form", "revision", "what", "person", "at", "comment") as table:
            for event in events.iterator(_CHUNK):
                at = _time(event.at)
                table.writerow([event.submission_id, event.revision, event.verb, event.actor, at, event.comment])
        seals = Seal.objects.filter(submission__in=ids).order_by("pk")
        listed = []
        for seal in seals.iterator(_CHUNK):
            path = f"seals/{seal.submission_id}-{seal.revision}.json"
            self.archive.add(path, seal.content)
            listed.append([seal.submission_id, seal.revision, _time(seal.at), seal.previous_digest, seal.digest, path])
        of_seals = ("form", "revision", "at", "seal_before", "seal", "sealed_content")
        with self.archive.table("seals.csv", *of_seals) as table:
            for row in listed:
                table.writerow(row)

    def _write_audit(self) -> None:
        ids = [form.pk for form in self.submissions]
        sources = {kpi.source._meta.db_table for kpi in self.kpis["en"] if isinstance(kpi, RecordKpi)}
        tables = sources | {model._meta.db_table for model in _ATTACHED}
        concerned = Q(submission_id__in=ids, table__in=tables) | Q(table=Submission._meta.db_table, row_id__in=ids)
        changes = (
            Change.objects.filter(concerned)
            .filter(open_to(self.user))
            .order_by("pk")
            .annotate(was=Cast("before", TextField()), became=Cast("after", TextField()))
        )
        names = ("pk", "at", "table", "row_id", "operation", "submission_id", "actor_id", "actor_name", "source")
        columns = ("number", "at", "table", "row", "operation", "form", "person", "person_name", "by_way_of")
        with self.archive.table("audit.csv", *columns, "before", "after") as table:
            for pk, at, *rest in changes.values_list(*names, "was", "became").iterator(_CHUNK):
                table.writerow([pk, _time(at), *rest])


def _combined(kpi: RecordKpi, total: Decimal | None, amount: Decimal) -> Decimal:
    if total is None:
        return amount
    return min(total, amount) if kpi.over is Min else total + amount


def _time(at: Any) -> str:
    return at.isoformat() if at is not None else ""


def _value(figure: Figure) -> dict[str, Any]:
    coverage = figure.coverage
    return {
        "place": figure.site.code if figure.site else "GROUP",
        "value": figure.value_text,
        "printed": figure.display,
        "unit": figure.kpi.unit,
        "reason": figure.reason,
        "withheld_in_the_report": "yes" if figure.is_withheld else "",
        "rows": figure.rows,
        "rows_without_a_value": figure.gaps,
        "forms_approved": coverage.approved,
        "forms_expected": coverage.expected,
    }


def _of(record: Any, name: str) -> Any:
    """A field that only records with a quantity have."""
    value = getattr(record, name, "")
    return plain_text(value) if isinstance(value, Decimal) else value


# Columns of rows.csv and what they tell of a line.
_COLUMNS: Final[tuple[tuple[str, Callable[[Contribution], Any]], ...]] = (
    ("record", lambda line: line.record.pk),
    ("form", lambda line: line.submission.pk),
    ("site", lambda line: line.submission.site.code),
    ("period", lambda line: line.submission.period.code),
    ("row", lambda line: line.anchor.removeprefix("row-")),
    ("title", lambda line: line.title),
    ("adds", lambda line: None if line.amount is None else plain_text(line.amount)),
    ("state", lambda line: _of(line.record, "state")),
    ("method", lambda line: _of(line.record, "method")),
    ("typed_value", lambda line: _of(line.record, "entered_value")),
    ("typed_unit", lambda line: _of(line.record, "entered_unit")),
    ("converted", lambda line: _of(line.record, "quantity")),
    ("holds", lambda line: line.canonical or line.as_typed),
    ("note", lambda line: line.record.note),
    ("entered_by", lambda line: line.record.entered_by),
    ("entered_at", lambda line: _time(line.record.entered_at)),
    ("handed_in_by", lambda line: line.submission.submitted_by),
    ("handed_in_at", lambda line: _time(line.submission.submitted_at)),
    ("approved_by", lambda line: line.submission.approved_by),
    ("approved_at", lambda line: _time(line.submission.approved_at)),
    ("evidence", lambda line: " ".join(str(file.pk) for file in line.evidence)),
)


def write_pack(target: IO[bytes], *, kpi: str, year: ReportingYear, user: User, step: Step) -> None:
    """Writes the pack of a figure into an open file. Raises JobError where the data moved meanwhile."""
    with Archive(target) as archive:
        _Pack(archive, kpi=kpi, year=year, user=user, step=step).write()
