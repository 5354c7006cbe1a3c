"""What every page shows: the group's name, the notice, and the links at the top."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from apps.accounts.models import User
from apps.core.navigation import Link, has_places, links, places_for
from apps.organisation import policies
from apps.organisation.choices import Role
from apps.organisation.models import Group

# Each language with its own short name and full name.
_LANGUAGES = [
    (code, short, get_language_info(code)["name_local"])
    for code, short in (("zh-hans", "简"), ("zh-hant", "繁"), ("en", "EN"))
]


def portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    group = SimpleLazyObject(lambda: getattr(user, "group_of_page", None) or Group.current())
    signed_in = user is not None and user.is_authenticated
    return {
        "group": group,
        "group_notice": SimpleLazyObject(lambda: group.notice_in(get_language() or "en")),
        "languages": _LANGUAGES,
        "may_read_report": signed_in and policies.may_read_report(user),  # type: ignore[arg-type]
        "nav_links": _links(request, user) if signed_in else [],  # type: ignore[arg-type]
        "places": SimpleLazyObject(lambda: places_for(user) if signed_in else []),
        "demo_mode": settings.DEMO,
    }


def _links(request: HttpRequest, user: User) -> list[Link]:
    return links(
        request.resolver_match,
        imports=policies.has_role(user, (Role.PREPARER,)),
        registers=has_places(user),
        report=policies.may_read_report(user),
        admin=policies.may_use_admin(user),
    )
