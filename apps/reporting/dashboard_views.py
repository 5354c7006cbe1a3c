"""The dashboard of a site or of the group. It is for everybody who reads figures, not only for who reads the report."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import SignedInRequest
from apps.indicators.choice import choose
from apps.reporting.dashboards import build_dashboard


@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    choice = choose(request.user, request.GET, request.GET.get("year") or None)
    shown = build_dashboard(choice, request.user, request.GET.get("page")) if choice.year else None
    return render(request, "reporting/dashboard.html", {"choice": choice, "dashboard": shown})
