"""Rounds of signing: opened by an officer or by themselves, reminded of, and closed.

All that open rounds take turns on the row of settings, so that nobody is asked twice. However many people there are,
each function sends a fixed number of statements.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.campaigns.asking import Asked, to_be_asked
from apps.anti_corruption.documents.texts import Texts, texts_in_force
from apps.anti_corruption.models import Campaign, Duty, DutyState, IntegritySettings, Occasion, Reminder
from apps.organisation.models import Site


class RoundError(ValueError):
    """Something that cannot be done with a round as things stand; the text says why and what to do."""


def _take_turns() -> IntegritySettings:
    """Whoever asks people to sign waits for others who do."""
    row = IntegritySettings.current()
    return IntegritySettings._default_manager.select_for_update().get(pk=row.pk)


# Opening


@transaction.atomic
def open_campaign(
    *, user: User, title: str, site: Site | None, due_on: dt.date, occasion: str = Occasion.YEARLY
) -> Campaign:
    """Asks everybody who holds a position today, at ``site`` or in the whole group, to sign what is in force today.

    Duties of theirs that the portal opened by itself and that are not overdue pass into the new round. While another
    round asks people of the same sites to sign the same texts, none is opened: a button pressed twice asks nobody
    twice. Raises RoundError with a sentence.
    """
    today = timezone.localdate()
    campaign = Campaign(title=title, occasion=occasion, site=site, opened_on=today, due_on=due_on, opened_by=user)
    if not policies.may_run(user, campaign):
        raise PermissionDenied
    _take_turns()
    texts = texts_in_force(today)
    if texts is None:
        raise RoundError(nothing_to_sign())
    if due_on < today:
        raise RoundError(_("This day is over. Choose a later one."))
    running = _running(texts, site, today)
    if running is not None:
        raise RoundError(
            _("“%(round)s” asks people there to sign the same texts until %(day)s. Close it before you open another.")
            % {"round": running.name, "day": date_format(running.due_on, "SHORT_DATE_FORMAT")}
        )
    asked = to_be_asked(today, site)
    if not asked:
        raise RoundError(_("Nobody holds an important position there. Enter the holders first."))
    campaign.statement, campaign.conduct = texts.statement, texts.conduct
    campaign.save()
    _replace_older(texts, today)
    Duty.objects.filter(
        user__in=[each.user_id for each in asked],
        campaign__opened_by__isnull=True,
        campaign__closed_at__isnull=True,
        state=DutyState.OPEN,
        due_on__gte=today,
    ).update(state=DutyState.REPLACED)
    _ask(campaign, asked, today, due_on)
    return campaign


def _running(texts: Texts, site: Site | None, day: dt.date) -> Campaign | None:
    """A round about ``texts`` that somebody opened, is not yet due, and asks people of ``site`` or of every site."""
    found = Campaign._default_manager.filter(
        statement=texts.statement,
        conduct=texts.conduct,
        opened_by__isnull=False,
        closed_at__isnull=True,
        due_on__gte=day,
    )
    if site is not None:
        found = found.filter(Q(site=None) | Q(site=site))
    return found.first()


def nothing_to_sign() -> str:
    return _("There is nothing to sign yet. Issue a version of the code and one of the statement first.")


@transaction.atomic
def open_by_themselves(*, day: dt.date | None = None) -> int:
    """Asks who holds a position and was not yet asked about the texts in force, and returns how many they are.

    Those who were asked about earlier texts are asked because of the new version, the others as new holders. Duties
    about earlier texts that are not overdue are replaced. Whoever was asked in a round that is closed, or was excused,
    is not asked again before they take up another position.
    """
    today = day or timezone.localdate()
    rules = _take_turns()
    texts = texts_in_force(today)
    if texts is None:
        return 0
    _replace_older(texts, today)
    known = Duty.objects.filter(campaign__statement=texts.statement, campaign__conduct=texts.conduct).order_by()
    over = Q(state__in=(DutyState.EXCUSED, DutyState.REPLACED)) | Q(
        state__in=(DutyState.OPEN, DutyState.DECLINED), campaign__closed_at__isnull=False
    )
    were_asked = set(known.exclude(over).values_list("user_id", flat=True))
    let_off = dict(known.filter(over).values_list("user_id").annotate(last=Max("opened_on")))
    waiting = [
        each
        for each in to_be_asked(today)
        if each.user_id not in were_asked and each.since > let_off.get(each.user_id, dt.date.min)
    ]
    if not waiting:
        return 0
    earlier = Duty.objects.filter(user__in=[each.user_id for each in waiting])
    before = set(earlier.order_by().values_list("user_id", flat=True))
    by_itself = known.filter(campaign__opened_by__isnull=True, campaign__closed_at__isnull=True)
    taken = set(by_itself.values_list("user_id", "campaign__occasion"))
    by_occasion: dict[Occasion, list[Asked]] = {Occasion.NEW_VERSION: [], Occasion.NEW_HOLDER: []}
    for each in waiting:
        is_new = each.user_id not in before or each.user_id in let_off
        # Nobody stands in a round twice: whoever was excused in the one is asked in the other.
        for occasion in sorted(by_occasion, key=lambda occasion: (occasion == Occasion.NEW_HOLDER) != is_new):
            if (each.user_id, occasion.value) not in taken:
                by_occasion[occasion].append(each)
                break
    due_on = today + dt.timedelta(days=rules.days_to_sign)
    for occasion, people in by_occasion.items():
        if people:
            _ask(_by_itself(occasion, texts, today, due_on), people, today, due_on)
    return sum(map(len, by_occasion.values()))


def _by_itself(occasion: Occasion, texts: Texts, day: dt.date, due_on: dt.date) -> Campaign:
    """The open round for this occasion and these texts, or a new one."""
    with translation.override(settings.LANGUAGE_CODE):
        title = f"{texts.statement.number} · {occasion.label}"
    found, _is_new = Campaign._default_manager.get_or_create(
        occasion=occasion,
        statement=texts.statement,
        conduct=texts.conduct,
        opened_by=None,
        closed_at=None,
        defaults={"title": title, "opened_on": day, "due_on": due_on},
    )
    return found


def _replace_older(texts: Texts, day: dt.date) -> None:
    """What was asked about earlier versions of these texts need no longer be signed.

    Overdue duties stay: nobody's lateness goes away with a new text, nor does it leave the figures of its year.
    """
    older = Q(pk__in=[])
    for name, version in (("statement", texts.statement), ("conduct", texts.conduct)):
        path = f"campaign__{name}"
        older |= Q(**{f"{path}__document": version.document_id, f"{path}__effective_on__lt": version.effective_on})
    Duty.objects.to_sign().filter(older, due_on__gte=day).update(state=DutyState.REPLACED)


def _ask(campaign: Campaign, people: Iterable[Asked], day: dt.date, due_on: dt.date) -> None:
    Duty.objects.bulk_create(
        Duty(
            campaign=campaign,
            user_id=each.user_id,
            site_id=each.site_id,
            post_id=each.post_id,
            rank=each.rank,
            opened_on=day,
            due_on=due_on,
        )
        for each in people
    )


# Reminding


def may_remind(user: User, campaign: Campaign) -> bool:
    """Who runs the round; and in one of the whole group the officers of the sites, each the people of theirs."""
    return policies.may_run(user, campaign) or (campaign.site_id is None and policies.is_officer(user))


@transaction.atomic
def remind(*, campaign_id: int, user: User, overdue_only: bool) -> int:
    """Reminds those of one's sites who have not signed, each at most once a day, and returns how many they are."""
    if not may_remind(user, policies.access_campaign(user, campaign_id)):
        raise PermissionDenied
    _take_turns()
    campaign = _still_open(Campaign._default_manager.get(pk=campaign_id))
    today = timezone.localdate()
    waiting = Duty.objects.overdue(today) if overdue_only else Duty.objects.filter(state=DutyState.OPEN)
    reminded = Reminder._default_manager.filter(duty=OuterRef("pk"), sent_at__date=today)
    return _remind(waiting.filter(~Exists(reminded), campaign=campaign, site__in=policies.sites_of_officer(user)), user)


@transaction.atomic
def remind_by_itself(*, day: dt.date | None = None) -> int:
    """Reminds everybody whose day comes near, once for each duty, and returns how many they are."""
    rules = _take_turns()
    last = (day or timezone.localdate()) + dt.timedelta(days=rules.days_to_remind)
    by_itself = Reminder._default_manager.filter(duty=OuterRef("pk"), sent_by__isnull=True)
    waiting = Duty.objects.filter(
        ~Exists(by_itself), state=DutyState.OPEN, campaign__closed_at__isnull=True, due_on__lte=last
    )
    return _remind(waiting, None)


def _remind(duties: QuerySet[Duty], sender: User | None) -> int:
    now = timezone.now()
    active = duties.filter(user__is_active=True).order_by("pk").values_list("pk", flat=True)
    sent = Reminder._default_manager.bulk_create(Reminder(duty_id=pk, sent_by=sender, sent_at=now) for pk in active)
    return len(sent)


# Excusing and closing


def _still_open(campaign: Campaign) -> Campaign:
    if not campaign.is_open:
        raise RoundError(_("This round is closed and stays as it is."))
    return campaign


@transaction.atomic
def excuse(*, duty_id: int, user: User, reason: str) -> Duty:
    """Lets somebody off who cannot sign or need not. Raises RoundError with a sentence."""
    found = policies.access_duty(user, duty_id, to_run=True)
    if found.user_id == user.pk:
        raise RoundError(_("Nobody excuses themselves. Ask another officer."))
    if not reason.strip():
        raise RoundError(_("Say why the person is excused."))
    # A signature locks the duty first and reads its round then: this goes the same way.
    duty = Duty.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=found.pk)
    _still_open(duty.campaign)
    if duty.state not in (DutyState.OPEN, DutyState.DECLINED):
        raise RoundError(_("This person has signed already, or need not sign."))
    duty.state, duty.excused_by, duty.excused_because = DutyState.EXCUSED, user, reason.strip()
    duty.save(update_fields=["state", "excused_by", "excused_because"])
    return duty


@transaction.atomic
def close(*, campaign_id: int, user: User) -> Campaign:
    """Ends a round: nobody signs in it afterwards. Raises RoundError where it is closed already.

    Whose day has not come yet can no longer sign, and so does not count as unsigned. Who is overdue does.
    """
    policies.access_campaign(user, campaign_id, to_run=True)
    _take_turns()
    # A signature locks the duty first and reads its round then: this goes the same way.
    Duty.objects.filter(
        campaign=campaign_id,
        campaign__closed_at__isnull=True,
        state=DutyState.OPEN,
        due_on__gte=timezone.localdate(),
    ).update(state=DutyState.REPLACED)
    campaign = _still_open(Campaign._default_manager.select_for_update().get(pk=campaign_id))
    campaign.closed_by, campaign.closed_at = user, timezone.now()
    campaign.save(update_fields=["closed_by", "closed_at"])
    return campaign
