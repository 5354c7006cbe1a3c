"""The page of an evidence pack: what is in it, and the button that asks for it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.http import SignedInRequest
from apps.reporting.evidence_pack import job, policies


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedInRequest, year: str, kpi: str) -> HttpResponse:
    asked = policies.access_figure(request.user, year, kpi)
    if request.method == "POST":
        return redirect("jobs:job", job.start(asked, request.user).pk)
    parts = [part for part in asked.kpis if part.code != asked.kpi.code]
    return render(request, "reporting/evidence_pack.html", {"year": asked.year, "kpi": asked.kpi, "parts": parts})
