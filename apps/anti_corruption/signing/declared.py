"""The pages of what was signed: the declaration for its readers, the receipt and the correction for the signer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import digests, policies, readings
from apps.anti_corruption.answers import naming, read, reads_all
from apps.anti_corruption.conflicts.pages import decided_for
from apps.anti_corruption.models import Declaration, Opening
from apps.anti_corruption.signing import pages, services
from apps.anti_corruption.signing.forms import CorrectForm
from apps.anti_corruption.signing.receipt import receipt_pdf
from apps.anti_corruption.signing.services import SigningError
from apps.anti_corruption.signing.views import PasswordCheck, address_of, language_of


@require_safe
def declaration(request: SignedInRequest, declaration: int) -> HttpResponse:
    found = policies.access_declaration(request.user, declaration)
    readings.note(user=request.user, declaration=found)
    is_own = found.signer_id == request.user.pk
    later = _later(found)
    openings = Opening._default_manager.filter(declaration=found).select_related("reader") if is_own else ()
    context = {
        "declaration": found,
        "told": pages.told(found, request.user),
        "reads_all": reads_all(found, request.user),
        "reads_wrongdoing": policies.may_read_wrongdoing(request.user, found),
        "is_named": bool(naming(found, request.user)),
        "is_own": is_own,
        # What is over is not decided any more; what was decided about it before stays told.
        "decided": [line for line in decided_for(found) if line.decided_at or later is None] if is_own else (),
        "later": later,
        "opens_later": later is not None and _may_open(request, later),
        # The reason may tell of the answer that was put right.
        "reads_reason": later is not None and reads_all(later, request.user),
        "opens_earlier": found.replaces is not None and _may_open(request, found.replaces),
        "openings": openings,
        "zone": pages.zone(found.signed_at),
    }
    return render(request, "anti_corruption/signing_declaration.html", context)


def _later(declaration: Declaration) -> Declaration | None:
    return Declaration._default_manager.filter(replaces=declaration).first()


def _may_open(request: SignedInRequest, other: Declaration) -> bool:
    """Auditors open the one that stands alone."""
    return policies.declarations_for(request.user).filter(pk=other.pk).exists()


@require_safe
def receipt(request: SignedInRequest, declaration: int) -> HttpResponse:
    found = policies.access_declaration(request.user, declaration, own=True)
    context = {
        "declaration": found,
        "told": pages.told(found, request.user),
        "later": _later(found),
        "zone": pages.zone(found.signed_at),
        "recompute": pages.recompute(found),
    }
    return render(request, "anti_corruption/signing_receipt.html", context)


@require_safe
def receipt_file(request: SignedInRequest, declaration: int) -> HttpResponse:
    found = policies.access_declaration(request.user, declaration, own=True)
    response = HttpResponse(receipt_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="receipt-{found.pk}.pdf"'
    return response


@require_safe
def receipt_json(request: SignedInRequest, declaration: int) -> HttpResponse:
    """The bytes that were signed, so that the signer can take the digest over them with any tool."""
    found = policies.access_declaration(request.user, declaration, own=True)
    response = HttpResponse(digests.canonical(found), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{pages.signed_file(found)}"'
    return response


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, declaration: int) -> HttpResponse:
    found = policies.access_declaration(request.user, declaration, own=True)
    if _later(found) is not None:
        messages.error(request, _("This declaration was replaced already. Correct the one that stands."))
        return redirect("integrity:declaration", declaration)
    language = language_of(request)
    missing = services.missing_texts(found.duty, language)
    if missing:
        messages.error(request, pages.missing_sentence(missing))
        return redirect("integrity:duty", found.duty_id)
    check = PasswordCheck(request)
    form = CorrectForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        questions=list(found.statement.questions.all()),
        language=language,
        check=check,
        answers=read(found),
    )
    if form.is_valid():
        try:
            signed = services.correct(
                user=request.user,
                declaration_id=declaration,
                language=language,
                name=form.cleaned_data["name"],
                address=address_of(request),
                answers=form.answers(),
                reason=form.cleaned_data["reason"],
            )
        except SigningError as error:
            messages.error(request, str(error))
            return redirect("integrity:declaration", declaration)
        messages.success(request, _("You signed the correction. This is its receipt."))
        return redirect("integrity:receipt", signed.pk)
    context = {"duty": found.duty, "form": form, "replaced": found}
    status = 429 if check.is_stopped else 422 if form.is_bound else 200
    return render(request, "anti_corruption/signing_sign.html", context, status=status)
