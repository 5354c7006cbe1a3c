"""The files of an edition: made once from its document, kept, and never made anew.

They are a pure function of the document, so a run that was stopped goes on with those that are missing.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.db.models.expressions import RawSQL

from apps.reporting.content.shape import LANGUAGES, Content
from apps.reporting.documents.files import FORMATS, WHOLE, make, name_and_type
from apps.reporting.models import Edition, EditionFile, template_for
from apps.reporting.packed import packed_content
from apps.reporting.parts import group_content
from apps.reporting.publishing import Steps, Unwatched

_ALL_LANGUAGES: Final = ("",)


def wanted_files() -> Iterator[tuple[str, str]]:
    """Format and language of every file that an edition has."""
    for file_format in FORMATS:
        for language in LANGUAGES if file_format.per_language else _ALL_LANGUAGES:
            yield file_format.code, language


def missing_files(edition: Edition) -> list[tuple[str, str]]:
    """Those that are not made yet."""
    made = set(edition.files.values_list("format", "language"))
    return [each for each in wanted_files() if each not in made]


def make_files(edition: Edition, progress: Steps | None = None) -> list[EditionFile]:
    """Makes what is missing, each file in a transaction of its own where there is none around; gives the new ones."""
    progress = progress or Unwatched()
    missing = missing_files(edition)
    content: Content | None = None
    new = []
    for done, (file_format, language) in enumerate(missing):
        progress.step(done, len(missing), f"{file_format.upper()} {language}".strip())
        if file_format == WHOLE:
            made = _whole(edition)
        else:
            content = content or packed_content(edition)
            made = _made(content, file_format, language)
        with transaction.atomic():
            # Whoever makes the same file at the same time makes the same bytes.
            kept, is_new = EditionFile.objects.defer("content").get_or_create(
                edition=edition, format=file_format, language=language, defaults=made
            )
        if is_new:
            kept.refresh_from_db(fields=["name", "sha256"])
            new.append(kept)
    progress.step(len(missing), len(missing))
    return new


def _made(content: Content, file_format: str, language: str) -> dict[str, Any]:
    template = template_for(language) if file_format == "docx" else None
    made = make(content, file_format, language, template=template)
    return {
        "name": made.name,
        "content_type": made.content_type,
        "content": made.content,
        "sha256": hashlib.sha256(made.content).hexdigest(),
    }


def _whole(edition: Edition) -> dict[str, Any]:
    """The bytes that the digest of the edition is of, which need not come here to be kept."""
    name, content_type = name_and_type(group_content(edition), WHOLE, "")
    content = RawSQL("SELECT convert_to(e.content, 'UTF8') FROM reporting_edition e WHERE e.id = %s", (edition.pk,))  # noqa: S611
    return {"name": name, "content_type": content_type, "content": content, "sha256": edition.sha256}
