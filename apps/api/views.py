"""The pages on which tokens are made, shown and revoked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import SignedInRequest
from apps.api import policies, services
from apps.api.forms import TokenForm
from apps.api.models import ApiToken


@require_safe
def tokens(request: SignedInRequest) -> HttpResponse:
    listed = list(policies.tokens_for(request.user))
    may_make = policies.may_make_tokens(request.user)
    if not listed and not may_make:
        raise PermissionDenied
    return render(request, "api/tokens.html", {"tokens": listed, "may_make": may_make})


@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: SignedInRequest) -> HttpResponse:
    """The answer to the form is the only page that ever shows the secret."""
    if not policies.may_make_tokens(request.user):
        raise PermissionDenied
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            token, secret = services.make_token(
                name=form.cleaned_data["name"],
                owner=form.cleaned_data["owner"],
                sites=list(form.cleaned_data["sites"]),
                whole_group=form.cleaned_data["whole_group"],
                expires_on=form.cleaned_data["expires_on"],
                user=request.user,
            )
        except (ValidationError, IntegrityError) as error:
            changed = _("Something changed in the meantime. Look at the form and try again.")
            form.add_error(None, error if isinstance(error, ValidationError) else changed)
        else:
            return _shown_once(request, token, secret)
    return render(request, "api/token_form.html", {"form": form}, status=422 if form.is_bound else 200)


def _shown_once(request: SignedInRequest, token: ApiToken, secret: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("api:figures"))
    response = render(request, "api/token_made.html", {"token": token, "secret": secret, "address": address})
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    token = policies.access_token(request.user, pk)
    if request.method == "POST":
        services.revoke_token(token_id=token.pk, user=request.user)
        messages.success(request, _("The token is revoked. No program reads with it any more."))
        return redirect("api:tokens")
    return render(request, "api/token_revoke.html", {"token": token})
