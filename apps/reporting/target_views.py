"""The targets of a year and their yearly review."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.organisation.models import ReportingYear
from apps.reporting import policies
from apps.reporting.content.figures import HISTORY
from apps.reporting.loading import load
from apps.reporting.models import TargetVerdict
from apps.reporting.target_forms import TargetReviewForm
from apps.reporting.targets import Standing, review_target, running_targets, standings
from apps.submissions.workflow import Refused


def _standings(year: ReportingYear) -> list[Standing]:
    running = running_targets(year)
    loaded = load(year, codes=[target.figure for target in running if target.figure], years=HISTORY)
    return standings(loaded, running)


@require_safe
def targets(request: SignedInRequest, year: str) -> HttpResponse:
    found = policies.access_year(request.user, year)
    context = {
        "year": found,
        "standings": _standings(found),
        "may_review": policies.may_review_targets(request.user) and policies.words_are_open(found),
    }
    return render(request, "reporting/targets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def target_review(request: SignedInRequest, year: str, code: str) -> HttpResponse:
    found = policies.access_year(request.user, year)
    standing = next((each for each in _standings(found) if each.target.code == code), None)
    if standing is None:
        raise Http404
    if not policies.may_review_targets(request.user):
        raise PermissionDenied
    form = TargetReviewForm(request.POST or None, instance=standing.review)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            review_target(
                year_id=found.pk,
                target_id=standing.target.pk,
                user=request.user,
                verdict=TargetVerdict(said["verdict"]),
                reviewed_on=said["reviewed_on"],
                reviewed_by=said["reviewed_by"],
                remark=said["remark"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The review is kept."))
            return redirect("reporting:targets", year)
    context = {"year": found, "standing": standing, "form": form}
    return render(request, "reporting/target_review.html", context, status=status)
