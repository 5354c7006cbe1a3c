"""Names the signed-in person and the request to the audit trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.accounts.models import User
from apps.audit.context import telling


class AuditContextMiddleware:
    """Everything a request writes is logged under its person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def who() -> User | None:
            return request.user if request.user.is_authenticated else None

        # The database takes no NUL, which an address may hold.
        path = request.path.replace("\x00", "")
        with telling(who, f"{request.method} {path}"):
            return self.get_response(request)
