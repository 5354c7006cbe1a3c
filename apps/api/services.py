"""Making and revoking tokens. The secret leaves the portal once, when it is made."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.api import policies
from apps.api.models import ApiToken, ApiTokenSite
from apps.organisation.models import Site

# What a secret begins with, so that scanners of source code find one that was left there.
MARK: Final = "esgp"
_SECRET_BYTES: Final = 32
# A token ends after a year at the latest.
LONGEST: Final = dt.timedelta(days=365)


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal. The secret has 256 random bits, so no slow hash is needed against guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(
    *, name: str, owner: User, sites: Collection[Site], whole_group: bool, expires_on: dt.date, user: User
) -> tuple[ApiToken, str]:
    """A new token of ``owner`` and its secret. Raises ValidationError with sentences for whoever made the request."""
    if not policies.may_make_tokens(user):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=owner.pk)
    check_scope(owner=owner, sites=sites, whole_group=whole_group)
    prefix = secrets.token_hex(4)
    secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    token = ApiToken(
        name=name,
        owner=owner,
        prefix=prefix,
        sha256=digest(secret),
        whole_group=whole_group,
        expires_on=expires_on,
        created_by=user,
    )
    check_last_day(expires_on)
    token.validate_constraints(exclude={"created_at"})
    token.save(force_insert=True)
    ApiTokenSite.objects.bulk_create(ApiTokenSite(token=token, site=site) for site in sites)
    return token, secret


def check_scope(*, owner: User, sites: Collection[Site], whole_group: bool) -> None:
    """Raises ValidationError where a token of ``owner`` cannot read ``sites`` or the group."""
    if not owner.is_active:
        raise ValidationError({"owner": _("This person can no longer sign in. Choose somebody else.")})
    if whole_group and sites:
        raise ValidationError({"sites": _("Choose sites or the whole group, not both.")})
    if not whole_group and not sites:
        raise ValidationError({"sites": _("Choose at least one site, or the whole group.")})
    if whole_group and not policies.may_own_group_token(owner):
        raise ValidationError(
            {"whole_group": _("The roles of this person do not reach over the whole group. Choose sites.")}
        )
    readable = {site.pk for site in policies.sites_to_give(owner)}
    beyond = [site.name for site in sites if site.pk not in readable]
    if beyond:
        raise ValidationError(
            {"sites": _("This person may not read the figures of: %(sites)s.") % {"sites": ", ".join(beyond)}}
        )


def check_last_day(day: dt.date) -> None:
    """Raises ValidationError where a token cannot end on ``day``."""
    today = timezone.localdate()
    if day < today:
        raise ValidationError({"expires_on": _("The last day is over already. Choose a later one.")})
    if day > today + LONGEST:
        raise ValidationError({"expires_on": _("A token ends after a year at the latest. Choose an earlier day.")})


@transaction.atomic
def revoke_token(*, token_id: int, user: User) -> ApiToken:
    """Ends a token for good, from the next request on. Revoking it twice changes nothing."""
    token = policies.access_token(user, token_id)
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.revoked_by = user
        locked.save(update_fields=["revoked_at", "revoked_by"])
    return locked
