"""Scores in the audit trail stay closed, for everybody alike, until their tender is ranked."""

from django.db.models import Q

from apps.accounts.models import User
from apps.supply_chain.models import Score


def unranked_scores(user: User) -> Q:
    """Changes of scores of tenders that were never ranked, and of scorers who were excused, ranked or not.

    Nobody is let through, whatever their role.
    """
    hidden = Q(scorer__tender__ranked_at__isnull=True) | Q(scorer__excused_at__isnull=False)
    closed = Score.objects.filter(hidden).order_by().values("pk")
    return Q(table=Score._meta.db_table, row_id__in=closed)
