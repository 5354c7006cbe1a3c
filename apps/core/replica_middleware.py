"""Which requests are read from the replica, and how a person's own changes are seen on the page that follows.

After every request that may have written, the position of the primary's log goes into a cookie; the replica answers
this person only once it has come as far. The cookie says nothing else: whoever changes it gets older or newer pages
of what they may read anyway.
"""

import logging
import re
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponseBase

from apps.core import replica

logger = logging.getLogger(__name__)

COOKIE: Final = "esgportal_written"
# Longer than any lag at which the replica still serves.
_COOKIE_SECONDS: Final = 3600
_READS: Final = frozenset({"GET", "HEAD"})
_POSITION: Final = re.compile(r"[0-9]{1,19}")
# PostgreSQL's word for a statement that took too long: the primary would take as long.
_CANCELLED: Final = "57014"

View = Callable[..., HttpResponseBase]


class _Report:
    """A request that is read from the replica, from its view to the end of its page."""

    def __init__(self, view: View, args: Any, kwargs: Any) -> None:
        self.view, self.args, self.kwargs = view, args, kwargs
        self._open = ExitStack()
        self.reading = self._open.enter_context(replica.reading_reports())

    def close(self) -> None:
        """Ends the transaction. It only read, so that nothing is lost where even that goes wrong."""
        with suppress(Error):
            self._open.close()


class ReplicaMiddleware:
    """Reads the pages named in ``settings.REPLICA_PAGES`` from the replica. Stands last, behind the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if replica.REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response = self.get_response(request)
        finally:
            report = _end(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        has_written = request.method not in _READS or (report is not None and report.reading.is_over)
        if response.status_code < 500 and (has_written or name in settings.REPLICA_NEWS):
            _remember(response)
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """Begins a report, if this is one and the replica may answer it."""
        match = request.resolver_match
        if request.method not in _READS or match is None or match.view_name not in settings.REPLICA_PAGES:
            return
        cookie = request.COOKIES.get(COOKIE, "")
        if cookie and not _POSITION.fullmatch(cookie):
            return
        if replica.serves(int(cookie or 0)):
            request.read_from_replica = _Report(view, args, kwargs)  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A replica that went away in the middle, or that had to drop rows the page still read: once more, from the
        primary. A report changes nothing, so that it can be asked for twice.
        """
        cause = getattr(error.__cause__, "sqlstate", None)
        if not isinstance(error, (OperationalError, InterfaceError)) or cause == _CANCELLED:
            return None
        report = _end(request)
        if report is None:
            return None
        logger.warning("a report was broken off at the replica and is read from the primary: %s", str(error).strip())
        if cause is None or cause.startswith(("08", "57")):
            replica.give_up(error)
        view = report.view
        if DEFAULT_DB_ALIAS not in getattr(view, "_non_atomic_requests", set()):
            view = transaction.atomic(view)
        response = view(request, *report.args, **report.kwargs)
        if hasattr(response, "render"):
            response.render()
        return response


def _end(request: HttpRequest) -> _Report | None:
    report: _Report | None = request.__dict__.pop("read_from_replica", None)
    if report is not None:
        report.close()
    return report


def _remember(response: HttpResponseBase) -> None:
    try:
        position = replica.written()
    except Error:  # the answer stands; the next page says what is wrong
        return
    response.set_cookie(
        COOKIE,
        str(position),
        max_age=_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
