"""The pages on which people read, sign and decline for themselves. Somebody else's duty does not exist here."""

from typing import Final

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.anti_corruption import policies, readings
from apps.anti_corruption.models import DutyState
from apps.anti_corruption.signing import pages, services
from apps.anti_corruption.signing.forms import DeclineForm, SignForm
from apps.anti_corruption.signing.services import SigningError

PAGE_SIZE: Final = 50
# What the page of a text hands out and takes back: whoever says to have read it was shown it, in this language.
_SHOWN: Final = signing.Signer(salt="apps.anti_corruption.signing.duty_text")


def language_of(request: SignedInRequest) -> str:
    return get_language() or request.user.language


def address_of(request: SignedInRequest) -> str | None:
    """Where the request comes from, with no more trust in proxies than the sign-in has."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # nothing that could be an address
        return None


class PasswordCheck:
    """Asks for the password once more, as often in a minute as the sign-in pages do. ``is_stopped`` says that it was
    too often.
    """

    def __init__(self, request: SignedInRequest) -> None:
        self.request = request
        self.is_stopped = False

    @sensitive_variables()
    def __call__(self, password: str) -> str:
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.request.user):
            self.is_stopped = True
            return _("Too many attempts. Wait a few minutes, then type your password again.")
        if not self.request.user.check_password(password):
            return _("This is not your password. Nothing is signed yet.")
        ratelimit.clear(self.request, action="reauthenticate", user=self.request.user)
        return ""


@require_safe
def declarations(request: SignedInRequest) -> HttpResponse:
    if not policies.has_duties(request.user):
        raise Http404
    to_sign, others = pages.lines_of(request.user)
    page = Paginator(readings.openings_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"to_sign": to_sign, "others": others, "page": page}
    return render(request, "anti_corruption/signing_declarations.html", context)


@require_safe
def duty(request: SignedInRequest, duty: int) -> HttpResponse:
    found = policies.access_own_duty(request.user, duty)
    line = pages.line_of(found)
    context = {
        "duty": found,
        "line": line,
        "steps": pages.steps_of(found, language_of(request)),
        "may_decline": services.can_be_declined(found),
        "refusals": found.refusals.order_by("refused_at") if found.state == DutyState.DECLINED else (),
    }
    return render(request, "anti_corruption/signing_duty.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_text(request: SignedInRequest, duty: int, version: int) -> HttpResponse:
    found = policies.access_own_duty(request.user, duty)
    texts = {each.pk: each for each in (found.campaign.conduct, found.campaign.statement)}
    if version not in texts:
        raise Http404
    language = language_of(request)
    if request.method == "POST":
        if request.POST.get("language") != language:
            messages.error(request, _("The language was changed meanwhile. Read the text in this language."))
            return redirect("integrity:duty_text", duty, version)
        if request.POST.get("shown") != _shown(duty, version, language):
            messages.error(request, _("Read the text on this page first, then say so."))
            return redirect("integrity:duty_text", duty, version)
        services.note_read(user=request.user, duty_id=duty, version_id=version, language=language)
        return redirect("integrity:duty", duty)
    context = {
        "duty": found,
        "version": texts[version],
        "language": language,
        "shown": _shown(duty, version, language),
        "is_read": texts[version] not in services.missing_texts(found, language),
    }
    return render(request, "anti_corruption/signing_text.html", context)


def _shown(duty: int, version: int, language: str) -> str:
    return _SHOWN.sign(f"{duty}:{version}:{language}")


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def duty_sign(request: SignedInRequest, duty: int) -> HttpResponse:
    found = policies.access_own_duty(request.user, duty)
    if not services.can_be_signed(found):
        messages.error(request, _("This is not to be signed now."))
        return redirect("integrity:duty", duty)
    language = language_of(request)
    missing = services.missing_texts(found, language)
    if missing:
        messages.error(request, pages.missing_sentence(missing))
        return redirect("integrity:duty", duty)
    check = PasswordCheck(request)
    form = SignForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        questions=list(found.campaign.statement.questions.all()),
        language=language,
        check=check,
    )
    if form.is_valid():
        try:
            signed = services.sign(
                user=request.user,
                duty_id=duty,
                language=language,
                name=form.cleaned_data["name"],
                address=address_of(request),
                answers=form.answers(),
            )
        except SigningError as error:
            messages.error(request, str(error))
            return redirect("integrity:duty", duty)
        messages.success(request, _("You signed. This is your receipt."))
        return redirect("integrity:receipt", signed.pk)
    context = {"duty": found, "form": form}
    status = 429 if check.is_stopped else 422 if form.is_bound else 200
    return render(request, "anti_corruption/signing_sign.html", context, status=status)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def duty_decline(request: SignedInRequest, duty: int) -> HttpResponse:
    found = policies.access_own_duty(request.user, duty)
    if not services.can_be_declined(found):
        messages.error(request, _("This is not to be declined now."))
        return redirect("integrity:duty", duty)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.decline(user=request.user, duty_id=duty, reason=form.cleaned_data["reason"])
        except SigningError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Your reason is kept for the integrity officer. You may still sign."))
        return redirect("integrity:duty", duty)
    context = {"duty": found, "form": form}
    return render(request, "anti_corruption/signing_decline.html", context, status=422 if form.is_bound else 200)
