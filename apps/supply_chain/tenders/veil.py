"""Scores in the audit trail stay closed, for everybody alike, until their tender is ranked."""

from django.db.models import Q

from apps.accounts.models import User
from apps.supply_chain.models import Score


def unranked_scores(user: User) -> Q:
    """Changes of scores of tenders that were never ranked. Nobody is let through, whatever their role."""
    closed = Score.objects.filter(scorer__tender__ranked_at__isnull=True).order_by().values("pk")
    return Q(table=Score._meta.db_table, row_id__in=closed)
