"""Who may read and keep suppliers and their assessments: a role at any site opens the register of the group."""

from typing import Final

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.policies import READING_ROLES, has_role
from apps.supply_chain.models import Assessment

# The section whose roles open the registers of this app.
SECTION: Final = "supply_chain"


def may_see_suppliers(user: User) -> bool:
    return has_role(user, READING_ROLES, section=SECTION)


def may_keep_suppliers(user: User) -> bool:
    """Adds and changes suppliers and enters assessments."""
    return has_role(user, (Role.PREPARER,), section=SECTION)


def may_confirm(user: User, assessment: Assessment) -> bool:
    """Four eyes: a reviewer who did not enter it."""
    reviews = has_role(user, (Role.REVIEWER, Role.LEAD_REVIEWER), section=SECTION)
    return reviews and not assessment.is_confirmed and assessment.entered_by_id != user.pk


def may_withdraw(user: User, assessment: Assessment) -> bool:
    leads = has_role(user, (Role.LEAD_REVIEWER,), section=SECTION)
    return leads and assessment.is_confirmed and not assessment.is_withdrawn
