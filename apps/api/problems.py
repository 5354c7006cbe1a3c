"""Refusals: JSON problems (RFC 9457) with a sentence that says what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from django.http import JsonResponse
from django.utils.translation import gettext as _

CONTENT_TYPE: Final = "application/problem+json"


class Problem(Exception):
    """Stops a request. ``detail`` is for whoever reads the log of the program."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> JsonResponse:
        return JsonResponse(
            {"type": "about:blank", "title": self.status.phrase, "status": self.status.value, "detail": self.detail},
            status=self.status.value,
            content_type=CONTENT_TYPE,
            headers=dict(self.headers),
        )


def not_found(detail: str = "") -> Problem:
    """What is not there, or not there for this token."""
    return Problem(HTTPStatus.NOT_FOUND, detail or _("Nothing is here. Compare the address with the description."))


def no_token(detail: str) -> Problem:
    """Who asks is not known."""
    return Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": 'Bearer realm="esgportal"'})


def too_many(seconds: int) -> Problem:
    """``seconds`` until the next request is welcome."""
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many requests. Wait %(seconds)d seconds and try again.") % {"seconds": seconds},
        {"Retry-After": str(seconds)},
    )


def bad_request(detail: str) -> Problem:
    """A parameter that cannot be read."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
