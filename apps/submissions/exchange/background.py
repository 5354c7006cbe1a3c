"""Long files in the background: their check, their import, and exports of many records.

A job is one transaction. An import that was killed or cancelled leaves nothing, and the next run finds the same file.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.core.spreadsheets import SpreadsheetError, neutralise
from apps.jobs.kinds import JobError, JobKind, Result
from apps.jobs.models import Job, JobState
from apps.jobs.policies import jobs_for
from apps.jobs.progress import Progress
from apps.jobs.services import start
from apps.submissions.exchange import exporter, imported, pending
from apps.submissions.exchange.formats import FORMATS, MOST_ROWS
from apps.submissions.exchange.importer import import_table
from apps.submissions.exchange.prepared import Preparing, digest_of, write_prepared
from apps.submissions.exchange.reader import read_table
from apps.submissions.exchange.report import WARNINGS_SHOWN, Report, Summary
from apps.submissions.exchange.rights import may_import

CHECK: Final = "import_check"
IMPORT: Final = "import"
EXPORT: Final = "export"
PROBLEMS_NAME: Final = "problems.csv"
PROBLEMS_TYPE: Final = "text/csv; charset=utf-8"

_DOORS: Final = {"staff": "exchange:check", "admin": "admin:submissions_record_check"}


def start_check(name: str, digest: str, sheet: str, *, user: User, door: str) -> Job:
    """Checks the file that ``user`` left with ``pending``; ``door`` says on which pages they see what came of it."""
    title = _("Check %(file)s") % {"file": name}
    return start(CHECK, user=user, arguments={"digest": digest, "sheet": sheet, "door": door}, title=title)


def start_import(name: str, digest: str, sheet: str, *, user: User, door: str) -> Job:
    """Imports the file that was checked."""
    title = _("Import %(file)s") % {"file": name}
    return start(IMPORT, user=user, arguments={"digest": digest, "sheet": sheet, "door": door}, title=title)


def start_export(chosen: dict[str, Any], *, user: User) -> Job:
    """Writes the records that ``chosen`` names (year, site, kinds), as far as ``user`` may read them."""
    arguments = {name: chosen[name] for name in ("year", "site", "kinds", "format")}
    return start(EXPORT, user=user, arguments=arguments, title=_("Export records"))


def check_of(digest: str, sheet: str, *, user: User) -> Job | None:
    """The latest check of a file that found problems, which are its file."""
    done = jobs_for(user).filter(kind=CHECK, state=JobState.DONE, arguments__digest=digest, arguments__sheet=sheet)
    return done.exclude(result="").order_by("-pk").first()


def problem_lines(report: Report) -> Iterator[bytes]:
    """Every problem as a line of CSV."""
    yield _csv_line([_("Row"), _("Column"), _("Problem")]).encode("utf-8-sig")
    for problem in report.sorted_problems():
        cells = [str(problem.row or ""), neutralise(problem.column), neutralise(problem.message)]
        yield _csv_line(cells).encode()


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _read(progress: Progress, *, dry_run: bool, words: str, preparing: Preparing | None = None) -> Report:
    """Reads the file, and keeps what came of it unless it was to be written and was not."""
    progress.step(0, 0, _("The file is read."))
    digest, sheet = progress.arguments["digest"], progress.arguments["sheet"]
    kept = pending.find(progress.user, digest)
    if kept is None:
        raise JobError(_("This file is not kept any more, or another took its place. Choose it again."))
    try:
        table = read_table(kept.name, kept.data, sheet)
    except SpreadsheetError as error:
        raise JobError(str(error)) from error
    name, sheets = kept.name, table.sheets
    del kept
    report = import_table(
        table,
        user=progress.user,
        dry_run=dry_run,
        tell=lambda done, total: progress.step(done, total, words),
        preparing=preparing,
        warnings_told=WARNINGS_SHOWN,
    )
    if dry_run:
        ready = None
        if preparing is not None and preparing.is_whole and not report.problems and report.would_change:
            rows = preparing.finished()
            ready = pending.keep_rows(progress.user, digest, rows, digest_of(rows))
        pending.keep_result(progress.user, digest, sheet, report.shown(name, sheets), ready)
    elif report.written:
        _tell_when_committed(progress, report.shown(name, sheets))
    return report


def _tell_when_committed(progress: Progress, result: Summary) -> None:
    """Lets the page say that the file was imported, and forgets the file, as soon as that is true."""
    digest, sheet = progress.arguments["digest"], progress.arguments["sheet"]
    transaction.on_commit(partial(pending.keep_result, progress.user, digest, sheet, result))
    transaction.on_commit(partial(pending.forget, progress.user))


def _check(progress: Progress) -> Result | None:
    with closing(Preparing(progress.user)) as preparing:
        report = _read(progress, dry_run=True, words=_("Rows are checked."), preparing=preparing)
    if not report.problems:
        return None
    with ExitStack() as unless_done:
        file = unless_done.enter_context(tempfile.TemporaryFile())
        file.writelines(problem_lines(report))
        file.seek(0)
        unless_done.pop_all()  # the job reads it, and closes it
    return Result(name=PROBLEMS_NAME, content_type=PROBLEMS_TYPE, content=file)


def _import(progress: Progress) -> None:
    if _write_ready(progress):
        return
    report = _read(progress, dry_run=False, words=_("Rows are checked and written."))
    if not report.written:
        count = len(report.problems)
        raise JobError(
            ngettext(
                "There is %(count)d problem since the check. Nothing was written. Check the file again.",
                "There are %(count)d problems since the check. Nothing was written. Check the file again.",
                count,
            )
            % {"count": count}
        )


def _write_ready(progress: Progress) -> bool:
    """Writes the rows that the check made ready; False where there are none or something has moved since."""
    user, digest, sheet = progress.user, progress.arguments["digest"], progress.arguments["sheet"]
    result, ready = pending.result_of(user, digest, sheet), pending.rows_of(user, digest, sheet)
    if result is None or ready is None:
        return False
    progress.step(0, result.would_change, _("The file is read."))
    words = _("Rows are written.")
    rows = pending.open_rows(ready)
    if rows is None:
        return False
    with rows:
        forms = write_prepared(
            rows, ready.digest, user=user, tell=lambda done, total: progress.step(done, total, words)
        )
    if forms is None:
        return False
    _tell_when_committed(progress, replace(result, written=True))
    transaction.on_commit(partial(imported.keep, user, imported.remembered(user, digest, sheet, forms, result)))
    return True


def _export(progress: Progress) -> Result:
    chosen = progress.arguments
    sites = [chosen["site"]] if chosen["site"] else []
    selection = exporter.Selection(user=progress.user, year=chosen["year"], sites=sites, kinds=chosen["kinds"])
    total = exporter.count(selection)
    if chosen["format"] == "xlsx" and total > MOST_ROWS:
        raise JobError(
            _("These are %(count)d records, and a sheet holds %(limit)d. Choose fewer, or CSV.")
            % {"count": total, "limit": MOST_ROWS}
        )
    kind = FORMATS[chosen["format"]]()
    words = _("Records are written.")
    progress.step(0, total, words)
    with ExitStack() as unless_done:
        file = unless_done.enter_context(tempfile.TemporaryFile())
        kind.write_records(
            file,
            exporter.headings(progress.language),
            selection,
            lambda done: progress.step(min(done, total), total, words),
        )
        file.seek(0)
        unless_done.pop_all()
    name = "-".join(word for word in ("records", chosen["year"], chosen["site"].lower()) if word)
    return Result(name=f"{name}.{chosen['format']}", content_type=kind.CONTENT_TYPE, content=file)


def _page(arguments: dict[str, Any]) -> str:
    page = reverse(_DOORS[arguments["door"]], args=[arguments["digest"]])
    return f"{page}?{urlencode({'sheet': arguments['sheet']})}" if arguments["sheet"] else page


def _by_preparers(user: User, _arguments: dict[str, Any]) -> bool:
    return may_import(user)


KINDS: Final = (
    JobKind(
        code=CHECK, title=gettext_lazy("Check a file of records"), run=_check, is_open_to=_by_preparers, page=_page
    ),
    JobKind(code=IMPORT, title=gettext_lazy("Import records"), run=_import, is_open_to=_by_preparers, page=_page),
    JobKind(code=EXPORT, title=gettext_lazy("Export records"), run=_export),
)
