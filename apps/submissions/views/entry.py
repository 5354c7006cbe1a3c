"""The entry page: shown to everybody who may see it, saved by preparers."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.http import SignedInRequest
from apps.submissions import services, takeover
from apps.submissions.pages import entry
from apps.submissions.policies import access_submission


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return _save(request, pk)
    page = entry.build(access_submission(request.user, pk), request.user, asked=_asked(request.GET))
    return render(request, "submissions/entry.html", {"page": page})


def _asked(data: QueryDict) -> entry.Asked:
    """``?choose=waste`` offers lines; ``?add=waste&key=oil&key=sold`` or ``?add=waste:oil/sold`` puts one on."""
    rows = data.getlist("row")
    added = data.get("add", "")
    if added:
        rows.append(added if ":" in added else f"{added}:{'/'.join(data.getlist('key'))}")
    return entry.Asked(rows=rows, adding=data.get("choose", ""))


def _save(request: SignedInRequest, pk: int) -> HttpResponse:
    sent, result = services.save_page(submission_id=pk, user=request.user, data=request.POST)
    if result.conflict or result.not_saved:
        page = entry.build(result.submission, request.user, posted=sent, result=result)
        return render(request, "submissions/entry.html", {"page": page}, status=409 if result.conflict else 422)
    said = _("Nothing had changed; everything is saved.")
    if "take_over" in request.POST:
        said = takeover.said(services.take_over(submission_id=pk, user=request.user))
    elif result.saved:
        said = ngettext("%(count)d change saved.", "%(count)d changes saved.", result.saved) % {"count": result.saved}
    # The tag tells the browser whose draft it may forget.
    messages.success(request, said, extra_tags=str(pk))
    return redirect("submissions:submit" if "go_on" in request.POST else "submissions:edit", pk)
