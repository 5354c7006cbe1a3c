"""The list of gifts: one's own in full, those of others with no more than what has to be done about them."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import Gift, GiftHandling


@dataclass(frozen=True, kw_only=True)
class GiftLine:
    """A gift as the list shows it. Giver and thing are shown to the receiver alone; others open the entry, and that is
    noted.
    """

    gift: Gift
    is_own: bool
    handling: GiftHandling | None

    @property
    def title(self) -> str:
        return self.gift.item if self.is_own else _("Gift of %(person)s") % {"person": self.gift.receiver}

    @property
    def sign(self) -> str:
        return "✓" if self.handling else "!" if self.gift.must_go else "◔"

    @property
    def colour(self) -> str:
        return "approved" if self.handling else "returned" if self.gift.must_go else "draft"

    @property
    def label(self) -> str:
        if self.handling:
            return str(self.handling.get_handling_display())
        return _("To be handed in or returned") if self.gift.must_go else _("To be settled")


def line_of(gift: Gift, user: User) -> GiftLine:
    handlings = list(gift.handlings.all())
    return GiftLine(gift=gift, is_own=gift.receiver_id == user.pk, handling=handlings[-1] if handlings else None)


def gifts_shown(user: User, show: str) -> QuerySet[Gift]:
    """Those that stand, ``open``, ``settled`` or all, in the order of the list."""
    gifts = policies.gifts_for(user).filter(replaced_by__isnull=True)
    if show in ("open", "settled"):
        unsettled = Gift.objects.unsettled().values("pk")
        gifts = gifts.filter(pk__in=unsettled) if show == "open" else gifts.exclude(pk__in=unsettled)
    handlings = GiftHandling._default_manager.order_by("pk")
    return (
        gifts.select_related("receiver", "site")
        .prefetch_related(Prefetch("handlings", queryset=handlings))
        .order_by("-received_on", "-pk")
    )
