"""Writing the code and the statement: a draft is changed and discarded, an issued version stays for ever."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import digests, policies
from apps.anti_corruption.campaigns import services as rounds
from apps.anti_corruption.catalogue.loader import first_questions
from apps.anti_corruption.models import Document, DocumentKind, DocumentVersion, Question, QuestionKind

# Words by language, as ``settings.LANGUAGES`` names them.
Words = Mapping[str, str]

# An issued version stays, and later ones take effect after it: a mistyped year would block the document for ever.
MOST_DAYS_AHEAD: Final = 366


class DocumentError(ValueError):
    """Something that cannot be done with a document as things stand; the text says why and what to do."""


def _plain(text: str) -> str:
    """A text as it is stored: browsers send a line break as two characters."""
    return text.replace("\r\n", "\n").strip()


def _write(version: DocumentVersion, number: str, effective_on: dt.date, texts: Words) -> None:
    version.number, version.effective_on = " ".join(number.split()), effective_on
    version.text_en = _plain(texts.get("en", ""))
    version.text_zh_hans = _plain(texts.get("zh-hans", ""))
    version.text_zh_hant = _plain(texts.get("zh-hant", ""))
    try:
        version.full_clean(exclude=["issued_by", "issued_at"])
    except ValidationError as error:
        raise DocumentError(" ".join(error.messages)) from error
    version.save()


def newest_of(document: Document) -> DocumentVersion | None:
    """What a new draft starts from: the last issued version, or the last draft where none is issued."""
    versions = DocumentVersion.objects.filter(document=document)
    return versions.issued().order_by("-effective_on").first() or versions.order_by("-pk").first()


def questions_for(version: DocumentVersion) -> list[Question]:
    """The questions, unsaved, with which a draft starts: those of the version before it, or the shipped ones."""
    if version.document.kind != DocumentKind.STATEMENT:
        return []
    newest = newest_of(version.document)
    asked = [] if newest is None else list(newest.questions.all())
    return [
        Question(
            version=version,
            kind=question.kind,
            position=question.position,
            text_en=question.text_en,
            text_zh_hans=question.text_zh_hans,
            text_zh_hant=question.text_zh_hant,
        )
        for question in asked
    ] or first_questions(version)


@transaction.atomic
def prepare(
    *,
    user: User,
    document: Document,
    number: str,
    effective_on: dt.date,
    texts: Words,
    questions: Mapping[str, Words] | None = None,
) -> DocumentVersion:
    """Begins a draft, for a statement with the questions of the version before it. Raises DocumentError."""
    if not policies.is_group_officer(user):
        raise PermissionDenied
    document = Document._default_manager.select_for_update().get(pk=document.pk)
    version = DocumentVersion(document=document, prepared_by=user)
    asked = questions_for(version)
    _write(version, number, effective_on, texts)
    for question in asked:
        question.version = version
        _reword(question, questions)
    return version


def _reword(question: Question, words: Mapping[str, Words] | None) -> None:
    """Writes a question, in the new words where there are some."""
    new = words.get(question.kind) if words is not None else None
    if new is not None:
        question.text_en, question.text_zh_hans, question.text_zh_hant = (
            " ".join(new.get(language, "").split()) for language in ("en", "zh-hans", "zh-hant")
        )
    try:
        question.full_clean()
    except ValidationError as error:
        raise DocumentError(" ".join(error.messages)) from error
    question.save()


def _locked_draft(user: User, version_id: int) -> DocumentVersion:
    found = policies.access_version(user, version_id, to_prepare=True)
    # The document is the parent of its versions: one of them is written at a time.
    Document._default_manager.select_for_update().get(pk=found.document_id)
    version: DocumentVersion = policies.access_version(user, version_id, to_prepare=True)
    if version.is_issued:
        raise DocumentError(_("This version is issued and stays as it is. Prepare another one that replaces it."))
    return version


@transaction.atomic
def change(
    *,
    user: User,
    version_id: int,
    number: str,
    effective_on: dt.date,
    texts: Words,
    questions: Mapping[str, Words] | None = None,
) -> DocumentVersion:
    """Writes a draft anew; ``questions`` are the words of each kind, None to leave them. Raises DocumentError."""
    version = _locked_draft(user, version_id)
    _write(version, number, effective_on, texts)
    if questions is not None:
        for question in version.questions.all():
            _reword(question, questions)
    return version


def before(version: DocumentVersion) -> DocumentVersion | None:
    """The issued version that ``version`` replaces, or would replace."""
    earlier = DocumentVersion.objects.issued().filter(document=version.document_id).exclude(pk=version.pk)
    if version.is_issued:
        earlier = earlier.filter(effective_on__lt=version.effective_on)
    return earlier.order_by("-effective_on").first()


def what_is_missing(version: DocumentVersion) -> list[str]:
    """What a draft needs before it can be issued, in sentences; the database asks the same."""
    missing = []
    if not (version.text_en and version.text_zh_hans and version.text_zh_hant):
        missing.append(_("Enter the text in all three languages."))
    if version.document.kind == DocumentKind.STATEMENT and version.questions.count() != len(QuestionKind):
        missing.append(_("Enter all eight questions."))
    latest = timezone.localdate() + dt.timedelta(days=MOST_DAYS_AHEAD)
    if version.effective_on > latest:
        missing.append(
            _("The first day lies more than a year ahead. Choose %(day)s or an earlier one.")
            % {"day": date_format(latest, "SHORT_DATE_FORMAT")}
        )
    replaced = before(version)
    if replaced is not None and replaced.effective_on >= version.effective_on:
        missing.append(
            _("Version %(number)s holds from %(day)s. Choose a later first day.")
            % {"number": replaced.number, "day": date_format(replaced.effective_on, "SHORT_DATE_FORMAT")}
        )
    return missing


@transaction.atomic
def issue(*, user: User, version_id: int, seen: str | None = None) -> DocumentVersion:
    """Makes a draft final; where it takes effect today or before, people are asked to sign.

    ``seen`` is the digest of what the person looked at before. Raises DocumentError with what is missing.
    """
    version = _locked_draft(user, version_id)
    missing = what_is_missing(version)
    if missing:
        raise DocumentError(" ".join(missing))
    digest = digests.of_version(version)
    if seen is not None and seen != digest:
        raise DocumentError(_("Somebody changed this draft meanwhile. Look at it once more."))
    version.sha256, version.issued_by, version.issued_at = digest, user, timezone.now()
    version.save(update_fields=["sha256", "issued_by", "issued_at"])
    rounds.open_by_themselves()
    return version


@transaction.atomic
def discard(*, user: User, version_id: int) -> None:
    """Throws a draft away. Raises DocumentError for an issued version."""
    _locked_draft(user, version_id).delete()
