"""Who asks: the signed-in person, with what every page asks of them, by one statement."""

import json
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from apps.accounts.models import User
from apps.core.prepared import Columns, prepared
from apps.core.rounds import kept_from_json
from apps.organisation.models import Group
from apps.organisation.policies import give_grants

# What a key of the database's can be.
_LARGEST_KEY = 2**63 - 1


class PortalBackend(AuthenticationBackend):  # type: ignore[misc]
    """The sign-in of allauth; the person comes with their roles, and with the group that every page names."""

    def get_user(self, user_id: Any) -> User | None:
        if not 0 < int(user_id) <= _LARGEST_KEY:
            return None
        statement, columns = _statement()
        with prepared() as cursor:
            cursor.execute(statement, {"person": int(user_id)})
            row = cursor.fetchone()
        if row is None:
            return None
        (user,) = columns.models(row)
        if not self.user_can_authenticate(user):
            return None
        roles, group = row[-2:]
        give_grants(user, json.loads(roles or "[]"))
        if group is not None:
            user.group_of_page = kept_from_json(Group, group, connection.alias)
        return user  # type: ignore[no-any-return]


@cache
def _statement() -> tuple[str, Columns]:
    columns = Columns(("u", User))
    return (
        f"SELECT {columns.sql}, (SELECT json_agg(json_build_array(m.role, m.site_id, m.section) ORDER BY m.id)::text "  # noqa: S608 - names of ours alone
        "FROM organisation_membership m WHERE m.user_id = u.id), "
        "(SELECT to_json(g)::text FROM organisation_group g WHERE g.id = 1) "
        "FROM accounts_user u WHERE u.id = %(person)s::bigint"
    ), columns
