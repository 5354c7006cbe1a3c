"""Whether a Word file can be the template of the report: what is wrong with it, in sentences for whoever made it."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from apps.reporting.documents.example import example
from apps.reporting.documents.word import MARK, PART_TAGS, TAGS, TemplateError, tags_of, word

MAX_BYTES: Final = 5 * 1024 * 1024
_MAX_UNPACKED: Final = 50 * 1024 * 1024
_MAIN_PARTS: Final = ("report", "chapters")
# A picture or template that lies elsewhere would be fetched by everybody who opens the report. Links may be there.
_RELATIONSHIP: Final = re.compile(r"<Relationship\b[^>]*>")


def problems(content: bytes) -> list[str]:
    """Empty where the template can be used."""
    return list(_wrong_file(content)) or list(_wrong_tags(content))


def _wrong_file(content: bytes) -> Iterator[str]:
    if len(content) > MAX_BYTES:
        yield _("The template has %(size)s; at most %(limit)s are taken. Make its pictures smaller.") % {
            "size": filesizeformat(len(content)),
            "limit": filesizeformat(MAX_BYTES),
        }
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
            related = (
                [archive.read(name).decode(errors="replace") for name in names if name.endswith(".rels")]
                if unpacked <= _MAX_UNPACKED
                else []
            )
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        names, unpacked, related = [], 0, []
    if "word/document.xml" not in names:
        yield _("This is no Word file. Save the template in Word as .docx and send it again.")
    elif unpacked > _MAX_UNPACKED:
        yield _("This file unpacks to more than %(limit)s. Make its pictures smaller.") % {
            "limit": filesizeformat(_MAX_UNPACKED)
        }
    elif any("vbaProject" in name for name in names):
        yield _("The template has macros. Save it in Word as .docx, which has none, and send it again.")
    elif any(_fetches(relation) for text in related for relation in _RELATIONSHIP.findall(text)):
        yield _("The template takes a picture or a file from elsewhere. Put it into the template itself.")


def _fetches(relation: str) -> bool:
    return 'TargetMode="External"' in relation and "/hyperlink" not in relation


def _wrong_tags(content: bytes) -> Iterator[str]:
    try:
        named = tags_of(content)
        unknown = sorted(named - set(TAGS))
        if unknown:
            yield _("The report has no tag %(unknown)s. The tags are: %(tags)s.") % {
                "unknown": ", ".join(_written(tag) for tag in unknown),
                "tags": ", ".join(_written(tag) for tag in TAGS),
            }
            return
        if not named.intersection(_MAIN_PARTS):
            yield _("Nothing of the report would be in it: put {{ report }} into a paragraph of its own.")
            return
        filled = word(example(), content)
    except TemplateError as error:
        yield _("The tags of the template cannot be read: %(error)s Compare them with the portal's own template.") % {
            "error": str(error).strip().rstrip(".")[:200] + "."
        }
        return
    misplaced = sorted(_left(filled))
    if misplaced:
        yield _("%(tags)s must stand alone in a paragraph, outside tables, text boxes, heads and feet.") % {
            "tags": ", ".join(_written(tag) for tag in misplaced)
        }


def _left(filled: bytes) -> set[str]:
    """The parts that were not put in, since their tag stands where nothing can be put."""
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        written = "".join(
            archive.read(name).decode(errors="replace") for name in archive.namelist() if name.endswith(".xml")
        )
    return {tag for tag in PART_TAGS if f"{MARK}{tag}{MARK}" in written}


def _written(tag: str) -> str:
    return "{{ " + tag + " }}"
