"""One text in all the languages of the report."""

from collections.abc import Callable

from django.utils import translation

from apps.core.names import Named
from apps.reporting.content.shape import LANGUAGES, Words


def words(say: Callable[[], object]) -> Words:
    """What ``say`` returns in each language, with that language switched on."""
    said: Words = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(say())
    return said


def names(row: Named) -> Words:
    """The name of a catalogue row, which is stored in each."""
    return {language: row.name_in(language) for language in LANGUAGES}
