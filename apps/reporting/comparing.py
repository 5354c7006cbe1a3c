"""What an edition says beside what is computed now: figure by figure, and the words."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from apps.core.formats import NO_VALUE, number, signed
from apps.core.units import DECIMAL_PLACES, MAX_DIGITS
from apps.indicators.computation import Figures
from apps.organisation.models import Site
from apps.reporting.content.shape import (
    GROUP,
    LANGUAGES,
    Content,
    ProvisionContent,
    TableContent,
    TargetContent,
    Words,
)
from apps.reporting.models import Edition
from apps.reporting.parts import content_at, places_of, read_places, rest_of

# Sites that are compared at once.
_TOGETHER: Final = 25
_EXACT: Final = Context(prec=80, rounding=ROUND_HALF_UP)
_SMALLEST: Final = Decimal(1).scaleb(-DECIMAL_PLACES)
_TOO_LARGE: Final = Decimal(10) ** (MAX_DIGITS - DECIMAL_PLACES)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure whose value is not the published one. ``site`` is a code, "" for the group; None is no value."""

    code: str
    site: str
    title: Words
    unit: Words
    decimals: int
    old: str | None
    new: str | None

    @property
    def old_display(self) -> str:
        return number(Decimal(self.old) if self.old is not None else None, self.decimals)

    @property
    def new_display(self) -> str:
        return number(Decimal(self.new) if self.new is not None else None, self.decimals)

    @property
    def by(self) -> str:
        """New − old, as printed."""
        if self.old is None or self.new is None:
            return number(None, self.decimals)
        return signed(_EXACT.subtract(Decimal(self.new), Decimal(self.old)), self.decimals)

    @property
    def percent(self) -> Decimal | None:
        """Against the old value, rounded to what is stored; None without two values, or where the old one is zero.

        A change of more digits than a column holds is none that anybody reads in percent.
        """
        if self.old is None or self.new is None or not Decimal(self.old):
            return None
        old = Decimal(self.old)
        change = _EXACT.divide(_EXACT.subtract(Decimal(self.new), old) * 100, old)
        return change.quantize(_SMALLEST, context=_EXACT) if abs(change) < _TOO_LARGE else None


def differences(content: Content, figures: Figures, places: Collection[str] | None = None) -> list[Difference]:
    """Every figure at every place whose value is not that of ``content``: those published, then new ones.

    ``places`` are the only ones to look at, by the code of the site, "" the group; None is all of them.
    """
    return list(_published_before(content, figures, places)) + list(_new(content, figures, places))


def all_differences(
    edition: Edition,
    figures: Figures,
    said: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    of: Collection[str] | None = None,
) -> list[Difference]:
    """Every figure at every place that differs from ``edition``, in the order of ``differences``.

    The group first, then some sites at a time, so that memory does not follow their number; ``said`` is told of how
    many sites how many were compared. ``of`` are the only sites to look at, beside the group.
    """
    sites = {site.code: site for site in figures.sites}
    found = differences(content_at(edition, {GROUP}), figures, {GROUP})
    places = sorted(({*places_of(edition), *sites} if of is None else set(of)) - {GROUP})
    for start in range(0, len(places), _TOGETHER):
        some = set(places[start : start + _TOGETHER])
        known = [sites[place] for place in some if place in sites]
        part = figures.afresh()
        part.look_at(known)
        found += differences(content_at(edition, some), part, some)
        figures.forget(known)
        said(min(start + _TOGETHER, len(places)), len(places))
    return _in_order(found, edition, figures)


def _in_order(found: list[Difference], edition: Edition, figures: Figures) -> list[Difference]:
    """Those published before by code and place, then new ones in the order of the figures and of the sites."""
    if not found:
        return []
    published = rest_of(edition.pk, edition.sha256)["figures"]
    at = {each.site for each in found}
    known = dict(read_places(edition.pk, at))
    codes = {kpi.code: number for number, kpi in enumerate(figures.kpis)}
    sites = {site.code: number for number, site in enumerate(figures.sites, start=1)}

    def key(each: Difference) -> tuple[object, ...]:
        if each.code in published and each.code in known.get(each.site, {}):
            return False, each.code, each.site
        return True, codes[each.code], sites.get(each.site, 0)

    return sorted(found, key=key)


def _published_before(content: Content, figures: Figures, places: Collection[str] | None) -> Iterator[Difference]:
    sites = {site.code: site for site in figures.sites}
    for code, printed in content["figures"].items():
        for place, at in printed["places"].items():
            if places is not None and place not in places:
                continue
            now = _value(figures, code, sites.get(place), place)
            if now != at["value"]:
                yield Difference(
                    code=code,
                    site=place,
                    title=printed["title"],
                    unit=printed["unit"],
                    decimals=printed["decimals"],
                    old=at["value"],
                    new=now,
                )


def _value(figures: Figures, code: str, site: Site | None, place: str) -> str | None:
    """What is computed now; nothing for a figure or a site that is no more."""
    if code not in figures.kpis or place != GROUP and site is None:
        return None
    return figures.of(code, site).value_text


def _new(content: Content, figures: Figures, places: Collection[str] | None) -> Iterator[Difference]:
    """Figures and places that the edition does not know, where they have a value."""
    for kpi in figures.kpis:
        known = content["figures"].get(kpi.code)
        for site in (None, *figures.sites):
            place = site.code if site else GROUP
            if places is not None and place not in places or known is not None and place in known["places"]:
                continue
            if not figures.coverage(figures.kpis.sections(kpi), site).expected:
                continue
            now = figures.of(kpi.code, site).value_text
            if now is not None:
                title, unit = str(kpi.title), kpi.unit_label
                yield Difference(
                    code=kpi.code,
                    site=place,
                    title=known["title"] if known else dict.fromkeys(("en", "zh-hans", "zh-hant"), title),
                    unit=known["unit"] if known else dict.fromkeys(("en", "zh-hans", "zh-hant"), unit),
                    decimals=kpi.decimals,
                    old=None,
                    new=now,
                )


@dataclass(frozen=True, kw_only=True)
class WordsDifference:
    """A provision, a target or a line of a table of which something else is said than was published.

    ``section`` is that of the forms that say it; empty for statements and reviews of targets.
    """

    code: str
    title: Words
    old: Words
    new: Words
    section: str = ""


def words_differ(content: Content, provisions: Sequence[ProvisionContent]) -> list[WordsDifference]:
    """The provisions of which ``content`` says something else."""
    before: Mapping[str, ProvisionContent] = {each["code"]: each for each in content["provisions"]}
    return [
        WordsDifference(
            code=now["code"],
            title=now["title"],
            old=before[now["code"]]["statement"] if now["code"] in before else {},
            new=now["statement"],
        )
        for now in provisions
        if _said(before.get(now["code"])) != _said(now)
    ]


def _said(provision: ProvisionContent | None) -> tuple[object, ...]:
    return () if provision is None else (provision["status"], provision["statement_kind"], provision["statement"])


def reviews_differ(content: Content, targets: Sequence[TargetContent]) -> list[WordsDifference]:
    """The targets whose yearly review is not the published one."""
    before = {each["code"]: each for each in content.get("targets", ())}
    return _targets_differ(before, targets, _review, "")


def targets_differ(content: Content, targets: Sequence[TargetContent], section: str) -> list[WordsDifference]:
    """The targets that stand elsewhere than was published. Where one names a figure, the figure tells it already.

    ``section`` is that of the forms in which sites say where they stand.
    """
    before = {each["code"]: each for each in content.get("targets", ())}
    return _targets_differ(before, targets, _way, section)


def _targets_differ(
    before: Mapping[str, TargetContent],
    targets: Sequence[TargetContent],
    say: Callable[[TargetContent], Words],
    section: str,
) -> list[WordsDifference]:
    now = {each["code"]: each for each in targets}
    return [
        WordsDifference(code=code, title=each["title"], old=old, new=new, section=section)
        for code, each in {**before, **now}.items()
        if (old := say(before[code]) if code in before else {}) != (new := say(now[code]) if code in now else {})
    ]


def _review(target: TargetContent) -> Words:
    def said(language: str) -> str:
        parts = (target["verdict"].get(language, ""), target["reviewed_by"], target["reviewed_on"], target["remark"])
        return " · ".join(part for part in parts if part)

    return {language: said(language) for language in LANGUAGES}


def _way(target: TargetContent) -> Words:
    base, goal = target["base_value"] or NO_VALUE, target["target_value"] or NO_VALUE
    ends = f"{target['base_year']}: {base} · {target['target_year']}: {goal}"
    stands = "" if target["figure"] else f" · {target['current'] or NO_VALUE}"
    return {language: f"{ends}{stands} {target['unit'].get(language, '')}" for language in LANGUAGES}


def tables_differ(
    content: Content, tables: Sequence[TableContent], section_of: Mapping[str, str]
) -> list[WordsDifference]:
    """The lines of tables whose words are not the published ones. ``section_of`` a table, by its code."""
    before, now = _lines(content.get("tables", ())), _lines(tables)
    return [
        WordsDifference(code=code, title=title, old=old, new=new, section=section_of.get(table, ""))
        for (table, code), (title, _words) in {**before, **now}.items()
        if (old := before.get((table, code), ({}, {}))[1]) != (new := now.get((table, code), ({}, {}))[1])
    ]


def _lines(tables: Sequence[TableContent]) -> dict[tuple[str, str], tuple[Words, Words]]:
    """Title and words of each line, by table and figure."""
    return {
        (table["code"], line["total"]): (line["title"], line["words"]) for table in tables for line in table["lines"]
    }
