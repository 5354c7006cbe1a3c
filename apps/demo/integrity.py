"""Integrity in the demonstration: documents in force, who holds which position, and a round of signing that is open.

A declaration carries the time of its signing, which the database sees to, so the round is of the day of loading. What
was signed on paper in earlier years stands in the annual forms.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.campaigns import services as rounds
from apps.anti_corruption.conflicts import services as conflicts
from apps.anti_corruption.documents import services as documents
from apps.anti_corruption.gifts import services as gifts
from apps.anti_corruption.models import Conflict, Document, Duty, Gift, Post, PostHolder, QuestionKind, Ruling
from apps.anti_corruption.signing import services as signing
from apps.audit.context import acting_as
from apps.demo.data import rows, text
from apps.demo.story import SOURCE
from apps.organisation.models import Site

_IN_FORCE_FROM: Final = dt.date(2018, 1, 1)
_DAYS_TO_SIGN: Final = 21
_FILES: Final = {"code_of_conduct": "code", "assurance_statement": "statement"}


def declare(people: Mapping[str, User]) -> None:
    """Issues the documents, names the holders, opens a round, and lets some of them sign."""
    officer = people["integrity-officer"]
    with acting_as(officer, SOURCE):
        for code, name in _FILES.items():
            _issue(code, name, officer)
        for values in rows("position_holders.csv"):
            # Not through the service, which would ask each of them at once.
            PostHolder._default_manager.create(
                user=people[values["person"]],
                post=Post._default_manager.get(code=values["post"]),
                site=Site.objects.get(code=values["site"]),
                valid_from=values["from"],
            )
        today = timezone.localdate()
        with translation.override(officer.language):
            campaign = rounds.open_campaign(
                user=officer,
                title=f"{today.year}年度廉洁承诺",
                site=None,
                due_on=today + dt.timedelta(days=_DAYS_TO_SIGN),
            )
    for values in rows("declared.csv"):
        _sign(Duty.objects.get(campaign=campaign, user=people[values["person"]]), values)
    _decline(Duty.objects.get(campaign=campaign, user=people["quality-baishan"]))
    _decide(officer)
    _gifts(people, officer)


def _issue(code: str, name: str, officer: User) -> None:
    version = documents.prepare(
        user=officer,
        document=Document._default_manager.get(code=code),
        number="2018",
        effective_on=_IN_FORCE_FROM,
        texts={language: text(f"integrity/{name}_{language}.txt") for language, _name in settings.LANGUAGES},
    )
    documents.issue(user=officer, version_id=version.pk)


def _sign(duty: Duty, values: Mapping[str, str]) -> None:
    signer = duty.user
    answers = [
        Answer(
            kind=kind,
            none=kind != values["kind"],
            details=values["details"] if kind == values["kind"] else "",
            partners=tuple(filter(None, [values["partners"]])) if kind == values["kind"] else (),
            people=tuple(filter(None, [values["people"]])) if kind == values["kind"] else (),
        )
        for kind in QuestionKind.values
    ]
    with translation.override(signer.language), acting_as(signer, SOURCE):
        for version in (duty.campaign.conduct, duty.campaign.statement):
            signing.note_read(user=signer, duty_id=duty.pk, version_id=version.pk, language=signer.language)
        signing.sign(
            user=signer,
            duty_id=duty.pk,
            language=signer.language,
            name=signer.full_name,
            address=None,
            answers=answers,
        )


def _decline(duty: Duty) -> None:
    with translation.override(duty.user.language), acting_as(duty.user, SOURCE):
        signing.decline(user=duty.user, duty_id=duty.pk, reason="对外兼职的申报范围有疑问，请廉洁专员先说明。")


def _decide(officer: User) -> None:
    """One conflict is decided, the other waits."""
    conflict = Conflict.objects.undecided().get(kind=QuestionKind.FAMILY_AT_PARTNERS)
    with acting_as(officer, SOURCE):
        conflicts.decide(
            user=officer,
            conflict_id=conflict.pk,
            ruling=Ruling.MANAGED,
            words="该供应商的询价、评标和结算由采购部其他人员经办，每季度复核一次。",
        )


def _gifts(people: Mapping[str, User], officer: User) -> None:
    today = timezone.localdate()
    tea = _register(people["quality-hami"], today - dt.timedelta(days=2), "茶叶一盒", "180", "供应商春节拜访")
    _register(people["buyer-hami"], today - dt.timedelta(days=1), "台历一本", "20", "展会")
    with acting_as(officer, SOURCE):
        gifts.settle(
            user=officer, gift_id=tea.pk, handling="handed_in", handled_on=today, receipt="LP-001", words="存放于办公室"
        )


def _register(receiver: User, day: dt.date, item: str, value: str, occasion: str) -> Gift:
    with acting_as(receiver, SOURCE):
        gift = Gift(
            receiver=receiver,
            site=Site.objects.get(code="HAMI"),
            received_on=day,
            giver="示范供应商业务员",
            occasion=occasion,
            item=item,
            value_cny=value,
        )
        return gifts.register(user=receiver, gift=gift)
