"""Who imports and exports records."""

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.policies import has_role


def may_import(user: User) -> bool:
    """People who enter data somewhere. What they may change is asked of each row."""
    return has_role(user, (Role.PREPARER,))
