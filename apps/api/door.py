"""What every answer of the API has in common, and that only the API is open without signing in to the portal."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.api.endpoints import api
from apps.api.problems import CONTENT_TYPE, not_found

View = Callable[..., HttpResponseBase]
# Where version 1 lives.
PREFIX: Final = "/api/v1"


def _language(request: HttpRequest) -> str:
    """Of the header alone: no cookie and no person's setting counts."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted == "*":
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


def _open(view: View) -> View:
    """Signing in to the portal is not asked for; nothing is kept by caches on the way; every refusal is a problem.

    Each query is a transaction of its own: the counter of requests must not hold others of the same token up.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _language(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
            if response.status_code == 405 and isinstance(response, HttpResponse):
                response["Content-Type"] = CONTENT_TYPE
                response.content = _only_reading()
        response["Cache-Control"] = "no-store"
        response["Content-Language"] = language
        response["Vary"] = "Authorization, Accept-Language"
        return response

    opened: View = login_not_required(csrf_exempt(transaction.non_atomic_requests(answer)))
    return opened


def _only_reading() -> bytes:
    detail = _("The API only reads. Use GET.")
    return JsonResponse({"type": "about:blank", "title": "Method Not Allowed", "status": 405, "detail": detail}).content


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description. It says nothing of anybody's data, so it needs no token."""
    described = api.get_openapi_schema(path_prefix=PREFIX.strip("/") + "/")
    for operations in described["paths"].values():
        for status, answer in operations["get"]["responses"].items():
            if int(status) >= HTTPStatus.BAD_REQUEST:
                (schema,) = answer["content"].values()
                answer["content"] = {CONTENT_TYPE: schema}
    return JsonResponse(described)


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below the API."""
    return not_found().response()


def _opened(pattern: URLPattern | URLResolver) -> URLPattern:
    if not isinstance(pattern, URLPattern):
        raise TypeError("the API has no addresses within addresses")
    pattern.callback = _open(pattern.callback)
    return pattern


urlpatterns: list[URLPattern] = [
    path("openapi.json", _open(description), name="openapi"),
    *(_opened(pattern) for pattern in api.urls[0]),
    path("<path:rest>", _open(nothing), name="nothing"),
]
