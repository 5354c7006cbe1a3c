"""Who may see and do what about integrity. Each question stands beside its twin for lists.

Two roles read what people declare: the integrity officer, and the auditor of declarations. No other role includes them,
not even the administrator's; and nobody gives them to themselves (trigger ``organisation_membership_integrity``).
"""

from collections.abc import Collection
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.anti_corruption.models import (
    Campaign,
    ConcernedPerson,
    ConcludedCase,
    Conflict,
    Declaration,
    DocumentVersion,
    Duty,
    Gift,
    PostHolder,
)
from apps.organisation.choices import INTEGRITY_ROLES, Role
from apps.organisation.models import Membership, Site
from apps.organisation.policies import grants, has_role

# The annual form on anti-corruption.
SECTION: Final = "integrity"
_OFFICER: Final = (Role.INTEGRITY_OFFICER,)


def _of_sites(user: User, roles: Collection[str], path: str) -> Q:
    """Rows of the sites where ``user`` has one of ``roles``; ``path`` leads to the site."""
    sites = {grant.site_id for grant in grants(user) if grant.role in roles}
    return Q() if None in sites else Q(**{f"{path}__in": sites})


def is_officer(user: User, site_id: int | None = None) -> bool:
    """Runs rounds, keeps positions, decides conflicts: at a site, or anywhere when none is named."""
    return has_role(user, _OFFICER, site_id)


def is_group_officer(user: User) -> bool:
    """An officer of the whole group: prepares and issues documents, opens rounds for everybody."""
    return any(grant.role in _OFFICER and grant.site_id is None for grant in grants(user))


def oversees(user: User, site_id: int | None = None) -> bool:
    """Reads what the people of a site declare (of any site when none is named)."""
    return has_role(user, INTEGRITY_ROLES, site_id)


def sites_of_officer(user: User) -> QuerySet[Site]:
    return Site.objects.filter(_of_sites(user, _OFFICER, "pk"))


def sites_overseen(user: User) -> QuerySet[Site]:
    return Site.objects.filter(_of_sites(user, INTEGRITY_ROLES, "pk"))


# Duties


def duties_of(user: User) -> QuerySet[Duty]:
    """One's own."""
    return Duty.objects.filter(user=user.pk if user.is_active else None)


def duties_overseen(user: User) -> QuerySet[Duty]:
    """Those of the sites that ``user`` oversees."""
    return Duty.objects.filter(_of_sites(user, INTEGRITY_ROLES, "site"))


def has_duties(user: User) -> bool:
    """Kept on the object like the roles, so that a page asks the database once."""
    kept: bool | None = getattr(user, "_has_duties", None)
    if kept is None:
        kept = duties_of(user).exists()
        user._has_duties = kept  # type: ignore[attr-defined]
    return kept


def access_own_duty(user: User, pk: int) -> Duty:
    """One's own duty, or 404: nobody signs, reads or declines for somebody else."""
    found = (
        duties_of(user)
        .filter(pk=pk)
        .select_related("campaign__statement__document", "campaign__conduct__document", "site", "post", "user")
        .first()
    )
    if found is None:
        raise Http404
    return found


def access_duty(user: User, pk: int, *, to_run: bool = False) -> Duty:
    """Somebody's duty at a site that ``user`` oversees, or 404; 403 for an auditor who wants to change it."""
    found = duties_overseen(user).filter(pk=pk).select_related("campaign", "site", "post", "user").first()
    if found is None:
        raise Http404
    if to_run and not is_officer(user, found.site_id):
        raise PermissionDenied
    return found


# Declarations


def _declared(user: User, path: str = "") -> Q:
    """What was declared at the sites that ``user`` oversees; ``path`` leads to the declaration. An auditor has the
    declarations that stand: what was corrected, and that it was, would tell them of answers that they do not read.
    """
    of_officer = _of_sites(user, _OFFICER, f"{path}duty__site")
    of_auditor = _of_sites(user, (Role.INTEGRITY_AUDITOR,), f"{path}duty__site")
    return of_officer | of_auditor & Q(**{f"{path}replaced_by__isnull": True}) if of_officer else of_officer


def declarations_for(user: User) -> QuerySet[Declaration]:
    """The one door to declarations on behalf of somebody: one's own, and those of the sites one oversees. Whom an
    answer names may open the rest: otherwise a name would do to hide a whole declaration (``answers.readable``).
    """
    if not user.is_active:
        return Declaration._default_manager.none()
    overseen = _declared(user)
    return Declaration._default_manager.filter(Q(signer=user.pk) | overseen if overseen else overseen)


def access_declaration(user: User, pk: int, *, own: bool = False) -> Declaration:
    """The declaration, or 404 for who is neither its signer nor oversees its site. ``own``: the signer alone."""
    found = (
        declarations_for(user)
        .filter(pk=pk)
        .select_related(
            "duty__campaign",
            "duty__site",
            "duty__post",
            "signer",
            "statement__document",
            "conduct__document",
            "replaces",
        )
        .first()
    )
    if found is None or (own and found.signer_id != user.pk):
        raise Http404
    return found


def may_read_wrongdoing(user: User, declaration: Declaration) -> bool:
    """The signer, and the integrity officers of the site."""
    return declaration.signer_id == user.pk or is_officer(user, declaration.duty.site_id)


# Conflicts


def conflicts_for(user: User) -> QuerySet[Conflict]:
    """Those of the sites that ``user`` oversees, without what concerns them."""
    return (
        Conflict.objects.filter(_declared(user, "declaration__"))
        .exclude(declaration__signer=user.pk)
        .exclude(concerned__user=user.pk)
    )


def may_decide(user: User, conflict: Conflict) -> bool:
    """An officer of the site who is neither the signer nor named in the answer; the database refuses the others too."""
    return (
        is_officer(user, conflict.declaration.duty.site_id)
        and conflict.declaration.signer_id != user.pk
        and not conflict.concerned.filter(user=user.pk).exists()
    )


def access_conflict(user: User, pk: int, *, to_decide: bool = False) -> Conflict:
    """The conflict, or 404 for strangers and for those whom it concerns; 403 for who may read it only."""
    related = ("declaration__duty__site", "declaration__signer", "declaration__replaced_by")
    found = conflicts_for(user).filter(pk=pk).select_related(*related).first()
    if found is None:
        raise Http404
    if to_decide and not may_decide(user, found):
        raise PermissionDenied
    return found


def conflicts_to_decide(user: User) -> QuerySet[Conflict]:
    """Undecided ones about which ``user`` may decide: the twin of ``may_decide``."""
    of_officer = _of_sites(user, _OFFICER, "declaration__duty__site")
    found: QuerySet[Conflict] = conflicts_for(user).filter(of_officer).undecided()  # type: ignore[attr-defined]
    return found


def without_decider(conflicts: Collection[Conflict]) -> set[int]:
    """Those about which nobody could decide but the persons concerned. Asks two questions for any number of them."""
    officers = [
        (user_id, site_id)
        for user_id, site_id in Membership.objects.filter(
            role=Role.INTEGRITY_OFFICER, user__is_active=True
        ).values_list("user_id", "site_id")
    ]
    concerned = set(
        ConcernedPerson._default_manager.filter(conflict__in=[each.pk for each in conflicts]).values_list(
            "conflict_id", "user_id"
        )
    )
    return {
        each.pk
        for each in conflicts
        if not any(
            site_id in (None, each.declaration.duty.site_id)
            and user_id != each.declaration.signer_id
            and (each.pk, user_id) not in concerned
            for user_id, site_id in officers
        )
    }


# Gifts


def may_register_gifts(user: User) -> bool:
    """Whoever has a role or a duty in the portal."""
    return user.is_active and (bool(grants(user)) or has_duties(user))


def gifts_for(user: User) -> QuerySet[Gift]:
    """One's own, and those of the sites one oversees."""
    if not user.is_active:
        return Gift.objects.none()
    overseen = _of_sites(user, INTEGRITY_ROLES, "site")
    return Gift.objects.filter(Q(receiver=user.pk) | overseen if overseen else overseen)


def may_settle_gift(user: User, gift: Gift) -> bool:
    return is_officer(user, gift.site_id) and gift.receiver_id != user.pk


def access_gift(user: User, pk: int, *, to_settle: bool = False) -> Gift:
    found = gifts_for(user).filter(pk=pk).select_related("site", "receiver", "replaces").first()
    if found is None:
        raise Http404
    if to_settle and not may_settle_gift(user, found):
        raise PermissionDenied
    return found


# Cases


def cases_for(user: User) -> QuerySet[ConcludedCase]:
    """Concluded cases of the sites one oversees. Nobody else sees more than their number."""
    return ConcludedCase.objects.filter(_of_sites(user, INTEGRITY_ROLES, "site"))


def access_case(user: User, pk: int, *, to_enter: bool = False) -> ConcludedCase:
    found = cases_for(user).filter(pk=pk).select_related("site", "entered_by", "replaces").first()
    if found is None:
        raise Http404
    if to_enter and not is_officer(user, found.site_id):
        raise PermissionDenied
    return found


# Rounds, positions, documents


def campaigns_for(user: User) -> QuerySet[Campaign]:
    """Rounds in which people of one's sites are asked, and those for one's sites where nobody is yet."""
    overseen = _of_sites(user, INTEGRITY_ROLES, "site")
    if not overseen:
        return Campaign._default_manager.all()
    if not oversees(user):
        return Campaign._default_manager.none()
    return Campaign._default_manager.filter(overseen | Q(pk__in=duties_overseen(user).order_by().values("campaign")))


def may_run(user: User, campaign: Campaign) -> bool:
    """Closes a round: the officer of its site, of the whole group where it is for all."""
    return is_group_officer(user) if campaign.site_id is None else is_officer(user, campaign.site_id)


def access_campaign(user: User, pk: int, *, to_run: bool = False) -> Campaign:
    found = (
        campaigns_for(user)
        .filter(pk=pk)
        .select_related("site", "statement__document", "conduct__document", "opened_by", "closed_by")
        .first()
    )
    if found is None:
        raise Http404
    if to_run and not may_run(user, found):
        raise PermissionDenied
    return found


def holders_for(user: User) -> QuerySet[PostHolder]:
    found: Any = PostHolder.objects.filter(_of_sites(user, INTEGRITY_ROLES, "site"))
    return found  # type: ignore[no-any-return]


def access_holder(user: User, pk: int, *, to_keep: bool = False) -> PostHolder:
    found = holders_for(user).filter(pk=pk).select_related("user", "post", "site").first()
    if found is None:
        raise Http404
    if to_keep and not is_officer(user, found.site_id):
        raise PermissionDenied
    return found


def may_read_documents(user: User) -> bool:
    """Issued texts are for everybody who works with the portal or signs in it."""
    return may_register_gifts(user)


def versions_for(user: User) -> QuerySet[DocumentVersion]:
    """Issued ones; drafts are for the officers of the whole group."""
    if not may_read_documents(user):
        return DocumentVersion.objects.none()
    versions: QuerySet[DocumentVersion] = DocumentVersion.objects.select_related("document", "prepared_by", "issued_by")
    return versions if is_group_officer(user) else versions.filter(issued_at__isnull=False)


def access_version(user: User, pk: int, *, to_prepare: bool = False) -> Any:
    """The version, or 404 for who may not read it; 403 for who may read it and not prepare documents."""
    found = versions_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to_prepare and not is_group_officer(user):
        raise PermissionDenied
    return found
