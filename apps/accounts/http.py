"""The request of somebody who is signed in."""

from django.http import HttpRequest

from apps.accounts.models import User


class SignedInRequest(HttpRequest):
    """What every view behind LoginRequiredMiddleware gets. Used in annotations only."""

    user: User
