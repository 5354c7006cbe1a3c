"""Message catalogues without the gettext programs, which a fresh machine lacks: collected and compiled by Babel."""

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LOCALES: Final = ("zh_Hans", "zh_Hant")
_KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def po_path(base_dir: Path, locale: str) -> Path:
    return base_dir / "locale" / locale / "LC_MESSAGES" / "django.po"


def _sources(base_dir: Path) -> Iterator[tuple[str, bytes]]:
    """Relative path and Python-like text of everything that may hold messages."""
    for folder in ("apps", "esgportal"):
        for path in sorted((base_dir / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(base_dir).as_posix(), path.read_bytes()
    for path in sorted((base_dir / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            name = path.relative_to(base_dir).as_posix()
            python = templatize(path.read_text(encoding="utf-8"), origin=name)
            # Indentation means something to the extractor and nothing in a template.
            yield name, "\n".join(line.strip() for line in python.splitlines()).encode()


def collect(base_dir: Path) -> Catalog:
    """Every message of the sources, with where it stands."""
    catalogue = Catalog(project="esgportal", charset="utf-8", fuzzy=False)
    for name, text in _sources(base_dir):
        found = extract("python", BytesIO(text), keywords=_KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            # Without line numbers, so that moving code changes no catalogue.
            catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def read(base_dir: Path, locale: str) -> Catalog:
    path = po_path(base_dir, locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(base_dir: Path, locale: str) -> Catalog:
    """Brings the catalogue of ``locale`` up to the sources; new messages come empty, gone ones go."""
    catalogue = read(base_dir, locale)
    catalogue.update(collect(base_dir), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(base_dir, locale, catalogue)
    return catalogue


def write(base_dir: Path, locale: str, catalogue: Catalog) -> None:
    path = po_path(base_dir, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    # No dates and no names: a catalogue changes when its messages do.
    catalogue.header_comment = "# Messages of esgportal."
    catalogue.project, catalogue.version = "esgportal", "1"
    catalogue.creation_date = catalogue.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = "esgportal"
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, include_lineno=False, sort_output=True)


def compile_stale(base_dir: Path) -> list[Path]:
    """Compiles the catalogues that changed since they were last compiled."""
    written = []
    for locale in LOCALES:
        source = po_path(base_dir, locale)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with target.open("wb") as file:
            write_mo(file, read(base_dir, locale))
        written.append(target)
    return written
