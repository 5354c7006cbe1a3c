"""Reads the parts of an edition: what a page shows, and no more. The document of hundreds of sites is long."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from apps.indicators.published import PublishedFigure
from apps.reporting.content.canonical import parsed, parsed_part
from apps.reporting.content.shape import GROUP, Content, PlaceFigure
from apps.reporting.models import Edition, EditionPart

# An edition never changes: what is read of the newest ones is kept.
_KEPT: Final = 4
# Pages ask for the group and a site or two; whoever asks for more places asks for all of them.
_ONE_BY_ONE: Final = 3

At = Mapping[str, PlaceFigure]


@lru_cache(maxsize=_KEPT)
def rest_of(pk: int, sha256: str) -> Content:
    """An edition without the places of its figures and without its calculations. Nobody changes it."""
    part = EditionPart.objects.get(edition=pk, edition__sha256=sha256, place=EditionPart.REST)
    content = parsed(part.content)
    for figure in content["figures"].values():
        figure["places"] = {}
    return content


def read_places(pk: int, places: Collection[str] | None) -> Iterator[tuple[str, At]]:
    """The figures of an edition at some places, by code; None is every place."""
    found = EditionPart.objects.filter(edition=pk).exclude(place=EditionPart.REST)
    if places is not None:
        found = found.filter(place__in=places)
    for place, text in found.values_list("place", "content").iterator(20):
        yield place, parsed_part(text)


def content_at(edition: Edition, places: Collection[str]) -> Content:
    """The document of an edition as if there were no other places, and without calculations."""
    whole = rest_of(edition.pk, edition.sha256)
    read = dict(read_places(edition.pk, places))
    figures = {
        code: {**figure, "places": {place: at[code] for place, at in read.items() if code in at}}
        for code, figure in whole["figures"].items()
    }
    content: Any = {**whole, "figures": figures}
    return content  # type: ignore[no-any-return]


def group_content(edition: Edition) -> Content:
    """The document of an edition with the group alone."""
    return content_at(edition, {GROUP})


def places_of(edition: Edition) -> list[str]:
    """The codes of the sites that an edition has figures of, and "" the group."""
    places = EditionPart.objects.filter(edition=edition).exclude(place=EditionPart.REST)
    return sorted(places.values_list("place", flat=True))


class PrintedFigures(Mapping[tuple[str, str], PublishedFigure]):
    """The figures of an edition by code and place, which read a place when somebody asks for it."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._read: dict[str, At] = {GROUP: _group(edition.pk, edition.sha256)}

    def look_at(self, places: Collection[str]) -> None:
        """Reads some places with one query, and forgets those before."""
        self._read = {GROUP: self._read[GROUP], **dict.fromkeys(places, {})}
        self._read.update(read_places(self._edition.pk, places))

    def __getitem__(self, key: tuple[str, str]) -> PublishedFigure:
        code, place = key
        if place not in self._read:
            few = len(self._read) <= _ONE_BY_ONE
            if few:
                self._read[place] = {}
            self._read.update(read_places(self._edition.pk, [place] if few else None))
        at = self._read.get(place, {})[code]
        return PublishedFigure(
            value=at["value"],
            display=at["display"],
            edition=self._edition.number,
            approved=at["approved"],
            expected=at["expected"],
        )

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for place, at in read_places(self._edition.pk, None):
            for code in at:
                yield code, place

    def __len__(self) -> int:
        return sum(1 for _key in self)


@lru_cache(maxsize=_KEPT)
def _group(pk: int, _sha256: str) -> At:
    return dict(read_places(pk, {GROUP})).get(GROUP, {})
