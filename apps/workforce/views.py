"""The pages of the roster: choosing a file, looking at what it comes to, taking that over."""

import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions import policies
from apps.submissions.models import Submission
from apps.submissions.policies import access_submission
from apps.workforce.roster import fill_in, pending, preview, services
from apps.workforce.roster.columns import COLUMNS
from apps.workforce.roster.forms import RosterUploadForm
from apps.workforce.roster.groups import WORD_COLUMNS
from apps.workforce.sections import BREAKDOWN

PROBLEMS_SHOWN: Final = 200

P = ParamSpec("P")


def _of_open_breakdown(
    view: Callable[Concatenate[SignedInRequest, Submission, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Gives ``view`` the breakdown that its reader may fill; whoever may and comes late is told that it is closed."""

    @wraps(view)
    def guarded(request: SignedInRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        submission = access_submission(request.user, pk, to_edit=True)
        if submission.section != BREAKDOWN:
            raise Http404
        if not policies.may_edit(request.user, submission):
            messages.error(request, _("This form is handed in and locked; no roster can be taken over."))
            return redirect("submissions:edit", pk)
        return view(request, submission, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_of_open_breakdown
def roster(request: SignedInRequest, submission: Submission) -> HttpResponseBase:
    """Reads a file. Nothing of it is kept, so what is wrong with it is said at once."""
    if request.method != "POST":
        return _upload_page(request, submission, RosterUploadForm())
    form = RosterUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, submission, form, status=422)
    derived, digest = services.read(submission=submission, user=request.user, table=form.table, content=form.content)
    if derived.problems:
        shown = derived.problems[:PROBLEMS_SHOWN]
        context = {"problems": shown, "count": len(derived.problems), "more": len(derived.problems) - len(shown)}
        return _upload_page(request, submission, RosterUploadForm(), status=422, **context)
    return redirect("workforce:roster_check", submission.pk, digest)


def _upload_page(
    request: SignedInRequest, submission: Submission, form: RosterUploadForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    groups, language = services.groups_of(submission), get_language() or "en"
    columns = [
        (column, column.label(language), ", ".join(groups.titles(column.code) if column.code in WORD_COLUMNS else ()))
        for column in COLUMNS
    ]
    context = {"submission": submission, "form": form, "columns": columns, **context}
    return render(request, "workforce/roster.html", context, status=status)


@require_safe
@_of_open_breakdown
def roster_check(request: SignedInRequest, submission: Submission, digest: str) -> HttpResponseBase:
    """What the roster comes to, before anything is saved."""
    kept = pending.find(request.user, submission.pk, digest)
    if kept is None:
        return _expired(request, submission)
    return _check_page(request, submission, kept)


@require_POST
@_of_open_breakdown
def roster_apply(request: SignedInRequest, submission: Submission, digest: str) -> HttpResponseBase:
    """Saves the totals that were looked at."""
    kept = pending.find(request.user, submission.pk, digest)
    if kept is None:
        return _expired(request, submission)
    result = services.take_over(
        submission_id=submission.pk,
        user=request.user,
        revision=kept.revision,
        totals={row: Decimal(total) for row, total in kept.totals.items()},
        sha256=digest,
        line_count=kept.line_count,
    )
    if result.conflict:
        # The page finds the newer revision by itself.
        return _check_page(request, access_submission(request.user, submission.pk), kept, status=409)
    if result.problems:
        refused = [problem.message for problems in result.problems.values() for problem in problems]
        return _check_page(request, submission, kept, status=422, refused=list(dict.fromkeys(refused)))
    pending.forget(request.user, submission.pk)
    said = _("Everything in this roster was recorded already.")
    if result.saved:
        said = ngettext(
            "Filled from the roster: %(count)d value saved.",
            "Filled from the roster: %(count)d values saved.",
            result.saved,
        ) % {"count": result.saved}
    messages.success(request, said)
    return redirect("submissions:edit", submission.pk)


def _expired(request: SignedInRequest, submission: Submission) -> HttpResponse:
    messages.error(request, _("This preview has expired, or another roster took its place. Choose the file again."))
    return redirect("workforce:roster", submission.pk)


def _check_page(
    request: SignedInRequest,
    submission: Submission,
    kept: pending.Pending,
    *,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    context = {
        "submission": submission,
        "kept": kept,
        "page": preview.build(submission, kept),
        "conflict": submission.revision != kept.revision,
        "refused": refused or [],
    }
    return render(request, "workforce/roster_check.html", context, status=status)


@require_safe
@_of_open_breakdown
def roster_template(request: SignedInRequest, submission: Submission) -> HttpResponseBase:
    """A roster to fill in."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    fill_in.write(stream, services.groups_of(submission))
    stream.seek(0)
    name = f"roster-{submission.site.code.lower()}-{submission.period.code}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
