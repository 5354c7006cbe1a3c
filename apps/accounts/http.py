"""The request of somebody who is signed in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.accounts.models import User


class SignedInRequest(HttpRequest):
    """What every view behind LoginRequiredMiddleware gets. Used in annotations only."""

    user: User


def person_of(request: HttpRequest) -> User:
    """Who asks, where the type of the request does not say it: in the admin."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
