"""What every page shows: the group's name, the notice, and the links at the top."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.accounts.models import User
from apps.core.navigation import Link, has_places, links, places_for
from apps.organisation import policies
from apps.organisation.choices import Role
from apps.organisation.header import site_header
from apps.organisation.models import Group


def portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    group = SimpleLazyObject(lambda: getattr(user, "group_of_page", None) or Group.current())

    def header() -> SafeString:
        return site_header(
            request,
            person=str(user) if signed_in else "",
            group=group.name,
            notice=group.notice_in(get_language() or "en"),
            links=_links(request, user) if signed_in else (),  # type: ignore[arg-type]
        )

    return {
        "group": group,
        "portal_header": header,
        "may_read_report": signed_in and policies.may_read_report(user),  # type: ignore[arg-type]
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
