"""A company with documents in force, important positions and a round of signing, made through the services."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption import digests
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.catalogue.loader import first_questions
from apps.anti_corruption.models import (
    Campaign,
    Declaration,
    Document,
    DocumentKind,
    DocumentVersion,
    Duty,
    Occasion,
    Post,
    PostHolder,
    Question,
    QuestionKind,
)
from apps.anti_corruption.signing import services as signing
from apps.audit.context import acting_as
from apps.organisation.choices import Role
from apps.organisation.models import Site
from tests.factories import World

TEXTS = {"en": "Be honest.", "zh-hans": "诚实守信。", "zh-hant": "誠實守信。"}


class Integrity:
    """An officer of the group and one of Hami, an auditor of declarations, two declarants at Hami and one at Baishan.

    Both documents are there, without a version: tests issue theirs with ``issued``.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.officer = world.person("officer", Role.INTEGRITY_OFFICER)
        self.second_officer = world.person("second-officer", Role.INTEGRITY_OFFICER)
        self.hami_officer = world.person("officer-hami", Role.INTEGRITY_OFFICER, world.hami)
        self.baishan_officer = world.person("officer-baishan", Role.INTEGRITY_OFFICER, world.baishan)
        self.reader = world.person("integrity-auditor", Role.INTEGRITY_AUDITOR)
        self.code = _document("code_of_conduct", DocumentKind.CODE)
        self.statement = _document("assurance_statement", DocumentKind.STATEMENT)
        self.buying = _post("purchasing", "key_post", 60)
        self.heading = _post("department_head", "middle", 40)

    def holder(self, user: User, site: Site, post: Post | None = None, since: dt.date = dt.date(2020, 1, 1)) -> User:
        """Puts somebody into a position, without asking them to sign."""
        PostHolder._default_manager.create(user=user, site=site, post=post or self.buying, valid_from=since)
        return user


def _document(code: str, kind: DocumentKind) -> Document:
    name = code.replace("_", " ").title()
    return Document._default_manager.create(
        code=code, kind=kind, name_en=name, name_zh_hans=f"简 {code}", name_zh_hant=f"繁 {code}"
    )


def _post(code: str, rank: str, position: int) -> Post:
    name = code.replace("_", " ").title()
    return Post._default_manager.create(
        code=code, rank=rank, position=position, name_en=name, name_zh_hans=f"简 {code}", name_zh_hant=f"繁 {code}"
    )


def draft(document: Document, user: User, number: str = "1", day: dt.date = dt.date(2020, 1, 1)) -> DocumentVersion:
    """A version with its words, and with the shipped questions where it is a statement; not issued."""
    version = DocumentVersion.objects.create(
        document=document,
        number=number,
        effective_on=day,
        prepared_by=user,
        text_en=f"{TEXTS['en']} ({number})",
        text_zh_hans=f"{TEXTS['zh-hans']}（{number}）",
        text_zh_hant=f"{TEXTS['zh-hant']}（{number}）",
    )
    if document.kind == DocumentKind.STATEMENT:
        Question._default_manager.bulk_create(first_questions(version))
    return version


def issued(document: Document, user: User, number: str = "1", day: dt.date = dt.date(2020, 1, 1)) -> DocumentVersion:
    """A version that ``user`` issued. Days of one document have to go up."""
    with acting_as(user, "test"):
        version = draft(document, user, number, day)
        version.sha256 = digests.of_version(version)
        version.issued_by = user
        version.issued_at = timezone.now()
        version.save()
    return version


def round_of(
    integrity: Integrity, *users: User, site: Site | None = None, due_in: int = 30, opened: int = 0
) -> Campaign:
    """A round that ``users`` have to sign at ``site`` (Hami), opened ``opened`` days ago and due ``due_in`` days from
    today, with the versions in force today, which are issued where there is none yet. One duty each, as purchasers.
    """
    today = timezone.localdate()
    in_force = DocumentVersion.objects.in_force(today)
    texts = [
        in_force.filter(document=document).first() or issued(document, integrity.officer)
        for document in (integrity.statement, integrity.code)
    ]
    place = site or integrity.world.hami
    with acting_as(integrity.officer, "test"):
        campaign = Campaign._default_manager.create(
            title="Yearly round",
            occasion=Occasion.YEARLY,
            site=place,
            statement=texts[0],
            conduct=texts[1],
            opened_on=today - dt.timedelta(days=opened),
            due_on=today + dt.timedelta(days=due_in),
            opened_by=integrity.officer,
        )
        for user in users:
            duty_in(campaign, user, place, integrity.buying)
    return campaign


def duty_in(campaign: Campaign, user: User, site: Site, post: Post) -> Duty:
    """Asks one more person in a round, until its due date."""
    with acting_as(campaign.opened_by, "test"):
        return Duty.objects.create(
            campaign=campaign,
            user=user,
            site=site,
            post=post,
            rank=post.rank,
            opened_on=campaign.opened_on,
            due_on=campaign.due_on,
        )


def answered(**told: str | Answer) -> list[Answer]:
    """An answer to every question: nothing to declare, but for the kinds in ``told``."""
    return [
        said if isinstance(said, Answer) else Answer(kind=kind.value, none=not said, details=said)
        for kind in QuestionKind
        for said in [told.get(kind.value, "")]
    ]


def sign(duty: Duty, answers: Sequence[Answer] | None = None, language: str = "en") -> Declaration:
    """The person of the duty reads both texts and signs."""
    user = duty.user
    with acting_as(user, "test"):
        for version in (duty.campaign.conduct, duty.campaign.statement):
            signing.note_read(user=user, duty_id=duty.pk, version_id=version.pk, language=language)
        return signing.sign(
            user=user,
            duty_id=duty.pk,
            language=language,
            name=user.full_name,
            address="192.0.2.7",
            answers=answered() if answers is None else answers,
        )


def correct(declaration: Declaration, answers: Sequence[Answer], reason: str = "I forgot something.") -> Declaration:
    """The signer replaces a declaration."""
    user = declaration.signer
    with acting_as(user, "test"):
        return signing.correct(
            user=user,
            declaration_id=declaration.pk,
            language=declaration.language,
            name=user.full_name,
            address="192.0.2.7",
            answers=answers,
            reason=reason,
        )
