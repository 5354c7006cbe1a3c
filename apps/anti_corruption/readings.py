"""Who read what others declared. Every page that shows it to somebody else calls ``note``."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.models import ConcludedCase, Declaration, Gift, Opening, Refusal


def note(
    *,
    user: User,
    declaration: Declaration | None = None,
    refusal: Refusal | None = None,
    gift: Gift | None = None,
    case: ConcludedCase | None = None,
) -> None:
    """Writes down that ``user`` opened this one thing, unless it is their own. A case is nobody's own."""
    if declaration is not None:
        concerned: int | None = declaration.signer_id
    elif refusal is not None:
        concerned = refusal.duty.user_id
    else:
        concerned = gift.receiver_id if gift is not None else None
    if concerned != user.pk:
        Opening._default_manager.create(
            reader=user, at=timezone.now(), declaration=declaration, refusal=refusal, gift=gift, case=case
        )


def openings_of(user: User) -> QuerySet[Opening]:
    """Who opened what ``user`` declared, refused or registered: for that person's own page."""
    return Opening._default_manager.filter(
        Q(declaration__signer=user.pk) | Q(refusal__duty__user=user.pk) | Q(gift__receiver=user.pk)
    ).select_related("reader", "declaration__statement__document", "refusal__duty__campaign", "gift")
