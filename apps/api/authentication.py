"""Who asks: a bearer token in the header ``Authorization``, and how often it may.

No cookie and no session counts here, so that no page of another site can ask on behalf of somebody signed in.
"""

import datetime as dt
import hmac
import time
from typing import Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security.http import HttpAuthBase

from apps.api import services
from apps.api.models import ApiToken
from apps.api.policies import Reader, reader_of
from apps.api.problems import no_token, too_many

_WINDOW: Final = 60
_USED_LATELY: Final = dt.timedelta(minutes=1)
_NO_DIGEST: Final = "0" * 64


class TokenRequest(HttpRequest):
    """The request of a program whose token is good. Used in annotations only."""

    auth: Reader


class BearerToken(HttpAuthBase):
    """A token of the portal. Write it into the header ``Authorization: Bearer …``."""

    openapi_scheme = "bearer"
    openapi_bearerFormat = "esgp_…"

    def __call__(self, request: HttpRequest) -> Reader:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise no_token(_("Send a token of the portal in the header: Authorization: Bearer …"))
        token = _token_of(secret.strip())
        if token is None:
            _count(f"api-refused:{_address(request)}", settings.API_REFUSALS_PER_MINUTE)
            raise no_token(_("This token is not known. Check that it is complete."))
        _count(f"api-token:{token.pk}", settings.API_REQUESTS_PER_MINUTE)
        if token.revoked_at is not None:
            raise no_token(_("This token was revoked. Ask an administrator for another."))
        if token.is_expired:
            raise no_token(_("This token has ended. Ask an administrator for another."))
        if not token.owner.is_active:
            raise no_token(_("The owner of this token can no longer sign in. Ask an administrator for another."))
        _note_use(token)
        return reader_of(token)


def _token_of(secret: str) -> ApiToken | None:
    """The token with this secret; compared in constant time, also where there is none of its prefix."""
    mark, _line, rest = secret.partition("_")
    prefix = rest.partition("_")[0]
    # The database takes no NUL, which a header may hold.
    is_ours = mark == services.MARK and "\x00" not in prefix
    found = ApiToken.objects.select_related("owner").filter(prefix=prefix).first() if is_ours else None
    is_same = hmac.compare_digest(found.sha256 if found else _NO_DIGEST, services.digest(secret))
    return found if is_same else None


def _address(request: HttpRequest) -> str:
    """Where the request comes from, behind as many proxies as are trusted."""
    return str(get_adapter(request).get_client_ip(request))


def _count(key: str, most: int) -> None:
    """Counts the requests of a minute. Raises a problem that says how long to wait once there are too many."""
    now = int(time.time())
    left = _WINDOW - now % _WINDOW
    key = f"{key}:{now // _WINDOW}"
    if not cache.add(key, 1, timeout=_WINDOW * 2):
        try:
            count = cache.incr(key)
        except ValueError:  # it ran out in this moment
            count = 1
        if count > most:
            raise too_many(left)


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _USED_LATELY:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USED_LATELY)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
