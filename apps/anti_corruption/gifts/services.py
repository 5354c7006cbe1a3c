"""Registering gifts, and confirming what became of them. Each by the person themselves, and never twice by one."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import Gift, GiftHandling, Handling, IntegritySettings


class GiftError(Exception):
    """Why it cannot be done now, in a sentence for the person who tried."""


def confirmed_sentence() -> str:
    """Why an entry is not corrected once somebody has confirmed what became of the gift."""
    return _("It is confirmed what became of this gift, so its entry stays. If it is wrong, ask the integrity officer.")


def follow_settings(gift: Gift, user: User) -> Gift:
    """Fills in what the person does not type: whose it is, the day, and the rules of the day."""
    rules = IntegritySettings.current()
    gift.receiver = user
    gift.registered_at = timezone.now()
    gift.registered_on = timezone.localdate(gift.registered_at)
    gift.threshold_cny = rules.gift_threshold_cny
    gift.days_allowed = rules.gift_days
    return gift


@sensitive_variables()
def register(*, user: User, gift: Gift) -> Gift:
    """Keeps a gift that ``user`` was given. One that ``replaces`` an entry takes its place; both stay readable."""
    if not policies.may_register_gifts(user):
        raise PermissionDenied
    try:
        with transaction.atomic():
            if gift.replaces is not None:
                replaced = Gift.objects.select_for_update().get(pk=gift.replaces.pk)
                if replaced.receiver_id != user.pk:
                    raise PermissionDenied
                if Gift.objects.filter(replaces=replaced).exists():
                    raise GiftError(_("This entry was replaced already. Correct the one that stands."))
                if replaced.handlings.exists():
                    raise GiftError(confirmed_sentence())
                if gift.site_id != replaced.site_id:
                    raise GiftError(_("A correction stays at the site of the entry."))
            follow_settings(gift, user).save(force_insert=True)
    except IntegrityError:
        # The words of the database carry the row, which does not belong into a log.
        raise GiftError(_("The gift cannot be registered like this. Look at it again.")) from None
    return gift


@sensitive_variables()
def settle(*, user: User, gift_id: int, handling: str, handled_on: dt.date, receipt: str, words: str) -> GiftHandling:
    """Confirms what became of somebody else's gift. The last word counts."""
    try:
        with transaction.atomic():
            Gift.objects.select_for_update().filter(pk=gift_id).first()
            gift = policies.access_gift(user, gift_id, to_settle=True)
            if Gift.objects.filter(replaces=gift).exists():
                raise GiftError(_("This entry was replaced. Settle the one that stands."))
            if handling == Handling.KEPT and gift.must_go:
                raise GiftError(_("This gift cannot be kept: it is handed in or returned."))
            return GiftHandling._default_manager.create(
                gift=gift,
                handling=handling,
                handled_on=handled_on,
                receipt=receipt.strip(),
                words=words.strip(),
                confirmed_by=user,
                confirmed_at=timezone.now(),
            )
    except IntegrityError:
        raise GiftError(_("This cannot be confirmed like this. Look at the gift again.")) from None
