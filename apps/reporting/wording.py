"""What is wrong with the words of a statement: figures that do not exist or have no value, languages that differ."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.reporting.content.builder import printed
from apps.reporting.content.figures import YearFigures
from apps.reporting.content.shape import GROUP, LANGUAGES, FigureContent
from apps.reporting.placeholders import Placeholder, PlaceholderError, placeholders


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A sentence about the text in one language. ``blocks``: it cannot be handed in like this."""

    language: str
    message: str
    blocks: bool = True

    @property
    def severity(self) -> str:
        return "error" if self.blocks else "warning"


def codes_in(texts: Mapping[str, str]) -> list[str]:
    """The figures that ``texts`` name, each once. Stray braces are no matter here."""
    return list(dict.fromkeys(asked.code for text in texts.values() for asked in _readable_part(text)))


def _readable_part(text: str) -> Iterator[Placeholder]:
    try:
        yield from placeholders(text)
    except PlaceholderError:
        return


def problems(
    texts: Mapping[str, str],
    *,
    loaded: YearFigures,
    figures: Mapping[str, FigureContent],
    readable: Collection[str] | None = None,
) -> list[Problem]:
    """Everything to correct before these words are handed in.

    ``loaded`` knows which figures exist, ``figures`` is what they say. ``readable`` names the only figures that
    whoever writes may read; None is all.
    """
    found = []
    for language in LANGUAGES:
        text = texts[language]
        if not text.strip():
            found.append(Problem(language=language, message=_("Nothing is written yet.")))
        try:
            asked_for = list(placeholders(text))
        except PlaceholderError as error:
            found.append(Problem(language=language, message=str(error)))
            continue
        sentences = (_wrong(asked, language, loaded, figures, readable) for asked in asked_for)
        found += [Problem(language=language, message=sentence) for sentence in dict.fromkeys(sentences) if sentence]
        hidden = dict.fromkeys(
            asked.written
            for asked in asked_for
            if readable is not None and asked.code not in readable and asked.code in loaded.figures.kpis
        )
        if hidden:
            sentence = _("Only who reads the whole report sees the value of %(figures)s here.")
            found.append(Problem(language=language, message=sentence % {"figures": ", ".join(hidden)}, blocks=False))
    return [*found, *_one_sided(texts)]


def _wrong(
    asked: Placeholder,
    language: str,
    loaded: YearFigures,
    figures: Mapping[str, FigureContent],
    readable: Collection[str] | None,
) -> str:
    """What is wrong with one placeholder; empty where it is printed."""
    names = {"placeholder": asked.written, "code": asked.code, "site": asked.site, "year": loaded.year.code}
    if asked.code not in loaded.figures.kpis:
        return _("%(placeholder)s: there is no figure %(code)s. Take a code from the list of figures.") % names
    if readable is not None and asked.code not in readable:
        return ""
    if asked.site and asked.site not in {site.code for site in loaded.sites}:
        return _("%(placeholder)s: there is no site %(site)s.") % names
    if printed(figures, language, asked) != asked.written:
        return ""
    if asked.form == "change":
        return _("%(placeholder)s: %(year)s and the year before cannot be compared.") % names
    if asked.form == "last":
        return _("%(placeholder)s: there is no value for the year before %(year)s.") % names
    figure = figures.get(asked.code)
    at = figure["places"].get(asked.site or GROUP) if figure else None
    # The sentence is for whoever reads the page, in whatever language the words are.
    reason = at["reason"].get(get_language() or language, "") if at else ""
    if reason:
        return _("%(placeholder)s has no value in %(year)s: %(reason)s.") % {**names, "reason": reason}
    return _("%(placeholder)s has no value in %(year)s.") % names


def _one_sided(texts: Mapping[str, str]) -> list[Problem]:
    """Figures that one language names and another, which is written as well, does not."""
    written = {language: text for language, text in texts.items() if text.strip()}
    named = {language: {asked.written for asked in _readable_part(text)} for language, text in written.items()}
    everywhere = set().union(*named.values())
    return [
        Problem(
            language=language,
            message=_("The text in another language has %(figures)s, this one has not.")
            % {"figures": ", ".join(sorted(everywhere - figures))},
            blocks=False,
        )
        for language, figures in named.items()
        if everywhere - figures
    ]
