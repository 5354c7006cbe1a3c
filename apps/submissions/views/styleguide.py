"""Every component of the visual language on one page, while developing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import SignedInRequest
from apps.submissions.choices import STATE_SIGNS, Severity, State
from apps.submissions.findings import Finding
from apps.submissions.marks import Mark


@require_safe
def styleguide(request: SignedInRequest) -> HttpResponse:
    marks = [Mark(code=state.value, sign=STATE_SIGNS[state], label=str(state.label)) for state in State]
    marks += [Mark(code=code, sign=STATE_SIGNS[code], label=code) for code in ("late", "not_due")]
    findings = [Finding(code="example", severity=severity, message=str(severity.label)) for severity in Severity]
    return render(request, "styleguide.html", {"marks": marks, "findings": findings})
