"""Who may read and keep suppliers and their assessments: a role at any site opens the register of the group."""

from typing import Final

from django.db.models import Q

from apps.accounts.models import User
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.organisation.policies import READING_ROLES, grants, has_role
from apps.supply_chain.models import Assessment

# The section whose roles open the registers of this app.
SECTION: Final = "supply_chain"


def may_see_suppliers(user: User) -> bool:
    return has_role(user, READING_ROLES, section=SECTION)


def may_keep_suppliers(user: User) -> bool:
    """Adds and changes suppliers and enters assessments."""
    return has_role(user, (Role.PREPARER,), section=SECTION)


def may_confirm(user: User, assessment: Assessment) -> bool:
    """Four eyes: a reviewer who had no hand in it, its files or actions, by the trail. The database asks the same."""
    reviews = has_role(user, (Role.REVIEWER, Role.LEAD_REVIEWER), section=SECTION)
    return reviews and not assessment.is_confirmed and not _had_a_hand(user, assessment)


def _had_a_hand(user: User, assessment: Assessment) -> bool:
    work = Q(table=Assessment._meta.db_table, row_id=assessment.pk)
    for parts in (assessment.files, assessment.actions):
        work |= Q(table=parts.model._meta.db_table, row_id__in=list(parts.values_list("pk", flat=True)))
    return assessment.entered_by_id == user.pk or Change.objects.filter(work, actor_id=user.pk).exists()


def may_withdraw(user: User, assessment: Assessment) -> bool:
    leads = has_role(user, (Role.LEAD_REVIEWER,), section=SECTION)
    return leads and assessment.is_confirmed and not assessment.is_withdrawn


def sites_kept(user: User) -> set[int] | None:
    """The sites whose suppliers somebody keeps; None for all of them."""
    kept = {grant.site_id for grant in grants(user) if grant.role == Role.PREPARER and grant.section in ("", SECTION)}
    return None if None in kept else {site for site in kept if site is not None}
