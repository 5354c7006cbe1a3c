"""Declared interests in business partners, for those who must not let somebody judge a friend.

Whoever is warned learns of which kind an interest is and that it was declared, never what the answer says or what was
decided about it. Every declaration counts, also one of an earlier year or one that was replaced: to warn once too often
is no harm.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from apps.anti_corruption.models import NamedPartner, QuestionKind
from apps.organisation.interests import Interest, InterestSource, interest_sources


def declared(people: Collection[int], partners: Collection[str]) -> Iterable[Interest]:
    """Each person, partner and kind once. One question."""
    named: Any = NamedPartner._default_manager.filter(conflict__declaration__signer__in=people, code__in=partners)
    rows = named.order_by().values_list("conflict__declaration__signer", "code", "conflict__kind").distinct()
    return [
        Interest(
            user_id=user_id,
            partner=code,
            words=_("%(kind)s (declared in the assurance statement)") % {"kind": QuestionKind(kind).label},
        )
        for user_id, code, kind in sorted(rows)
    ]


interest_sources.register(InterestSource(code="declarations", declared=declared))
