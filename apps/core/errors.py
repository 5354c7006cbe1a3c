"""Error pages that say what to do next."""

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.defaults import server_error as unexpected

from apps.core.files import StoreUnreachable

_RETRY_SECONDS: Final = 30
# PostgreSQL's words for a statement that took longer than a page may, and for a lock that others held too long.
_TOO_LONG: Final = "57014"
_LOCKED: Final = frozenset({"55P03", "40P01"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was missing or stale, usually a page left open overnight."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """What went wrong: a part of the portal that is out of reach is said by name, with 503, since trying again helps.

    The page asks the database for nothing.
    """
    error = sys.exc_info()[1]
    trouble = _trouble(error)
    if not trouble:
        return unexpected(request)
    page = loader.get_template("503.html").render({"trouble": trouble})
    return HttpResponse(page, status=503, headers={"Retry-After": str(_RETRY_SECONDS), "Cache-Control": "no-store"})


def _trouble(error: BaseException | None) -> str:
    """``database``, ``files``, ``slow``, ``locked``, or nothing where it is a fault of the program."""
    if isinstance(error, StoreUnreachable):
        return "files"
    if not isinstance(error, (OperationalError, InterfaceError)):
        return ""
    code = getattr(error.__cause__, "sqlstate", None)
    if code == _TOO_LONG:
        return "slow"
    return "locked" if code in _LOCKED else "database"
