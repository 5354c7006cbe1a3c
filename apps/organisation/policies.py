"""Who works where: the roles of a person, read once per request, and the sites they open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from apps.accounts.models import User
from apps.organisation.choices import INTEGRITY_ROLES, Role
from apps.organisation.models import Membership

READING_ROLES = (Role.PREPARER, Role.REVIEWER, Role.LEAD_REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
ADMIN_SITE_ROLES = (Role.REVIEWER, Role.LEAD_REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One membership: None and "" stand for all sites and all sections."""

    role: str
    site_id: int | None
    section: str


def grants(user: User) -> tuple[Grant, ...]:
    """The roles of ``user``, kept on the object so that a page asks the database once."""
    if not user.is_active:
        return ()
    kept: tuple[Grant, ...] | None = getattr(user, "_grants", None)
    if kept is None:
        kept = give_grants(user, user.memberships.values_list("role", "site_id", "section"))
    return kept


def give_grants(user: User, memberships: Iterable[tuple[str, int | None, str]]) -> tuple[Grant, ...]:
    """Keeps on the object what its rows of membership say; whoever signs in brings them along (see backends.py)."""
    kept = tuple(Grant(role=role, site_id=site_id, section=section) for role, site_id, section in memberships)
    if user.is_superuser:
        kept += (Grant(role=Role.ADMINISTRATOR, site_id=None, section=""),)
    user._grants = kept  # type: ignore[attr-defined]
    return kept


def has_role(user: User, roles: Collection[str], site_id: int | None = None, section: str = "") -> bool:
    """Whether ``user`` has one of ``roles`` at the site and in the section (anywhere when none is named)."""
    return any(
        grant.role in roles
        and (site_id is None or grant.site_id in (None, site_id))
        and (not section or grant.section in ("", section))
        for grant in grants(user)
    )


def in_scope(user: User, roles: Collection[str], site_path: str, section_path: str) -> Q:
    """The twin of ``has_role`` for lists: rows whose site and section lie where ``user`` has one of ``roles``."""
    scope = Q(pk__in=[])
    for grant in grants(user):
        if grant.role in roles:
            part = Q()
            if grant.site_id is not None:
                part &= Q(**{site_path: grant.site_id})
            if grant.section:
                part &= Q(**{section_path: grant.section})
            if not part:
                return Q()
            scope |= part
    return scope


def visible_sites(user: User, site_path: str = "pk") -> Q:
    """Sites somebody may read about, or the rows of such sites."""
    ids = {grant.site_id for grant in grants(user) if grant.role in READING_ROLES}
    return Q() if None in ids else Q(**{f"{site_path}__in": ids})


def may_see_group(user: User) -> bool:
    """Group totals are for people whose role reaches over every site."""
    return any(grant.site_id is None for grant in grants(user))


def has_role_of_group(user: User, roles: Collection[str]) -> bool:
    """Whether one of ``roles`` reaches over all sites and all sections."""
    return any(grant.role in roles and grant.site_id is None and not grant.section for grant in grants(user))


def may_read_report(user: User) -> bool:
    """The annual report is the group's: a role at one site opens none of it."""
    return has_role_of_group(user, ADMIN_SITE_ROLES)


def may_use_admin(user: User) -> bool:
    return has_role(user, ADMIN_SITE_ROLES)


def may_administer(user: User) -> bool:
    """Keeps catalogues, sites, periods, people and roles."""
    return has_role(user, (Role.ADMINISTRATOR,))


def may_change_membership(user: User, membership: Membership) -> bool:
    """Administrators keep the roles of all, except their own as administrator: nobody locks themselves out."""
    return may_administer(user) and not (membership.user_id == user.pk and membership.role == Role.ADMINISTRATOR)


def may_give_role(user: User, membership: Membership) -> bool:
    """Nobody opens to themselves what people declare; another administrator gives those roles.

    The trigger ``organisation_membership_integrity`` asks the same.
    """
    return may_administer(user) and not (membership.user_id == user.pk and membership.role in INTEGRITY_ROLES)
