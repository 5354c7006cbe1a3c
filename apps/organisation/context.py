"""What every page shows: the group's name and the notice."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from apps.core.navigation import places_for
from apps.organisation import policies
from apps.organisation.choices import Role
from apps.organisation.models import Group


def portal(request: HttpRequest) -> dict[str, Any]:
    group = SimpleLazyObject(Group.current)
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "group": group,
        "group_notice": SimpleLazyObject(lambda: group.notice_in(get_language() or "en")),
        "languages": [("zh-hans", "简"), ("zh-hant", "繁"), ("en", "EN")],
        "may_use_admin": signed_in and policies.may_use_admin(user),  # type: ignore[arg-type]
        "may_prepare": signed_in and policies.has_role(user, (Role.PREPARER,)),  # type: ignore[arg-type]
        "may_read_report": signed_in and policies.may_read_report(user),  # type: ignore[arg-type]
        "places": places_for(user) if signed_in else [],
        "demo_mode": settings.DEMO,
    }
