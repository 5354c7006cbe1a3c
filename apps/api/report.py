"""Provisions and editions. What the group says to a provision, and what an edition holds, is for the whole group."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.api.policies import Reader
from apps.api.problems import not_found
from apps.api.published import Published, published, said
from apps.api.schemas import Basis, EditionOut, EditionWithContentOut, ProvisionOut
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import ReportingYear
from apps.reporting.content.builder import printed
from apps.reporting.content.canonical import parsed
from apps.reporting.content.figures import figure_content, load_figures
from apps.reporting.content.shape import Content
from apps.reporting.index import IndexLine, guide_for, index_of, kpis_by_provision
from apps.reporting.models import Edition, Provision, StatementState
from apps.reporting.placeholders import Placeholder, fill

# The words of a statement may speak of this year and of the one before.
_YEARS = 2


def year_of(code: str) -> ReportingYear:
    """The reporting year, or a problem."""
    # The database takes no NUL, which an address may hold.
    year = ReportingYear.objects.filter(code=code).first() if "\x00" not in code else None
    if year is None:
        raise not_found(_("There is no such reporting year."))
    return year


def provisions_of(reader: Reader, year: ReportingYear, basis: Basis) -> tuple[str | None, list[ProvisionOut]]:
    """The code of the guide and its provisions, as the edition has them or as the data stand now."""
    edition = published(year) if basis == "published" else None
    if basis == "published" and edition is None:
        raise not_found(_("This year is not published yet. Ask for its approved data."))
    if not reader.reads_report:
        return _asked_for(reader, year, edition)
    if edition is not None:
        return _answered(edition.content)
    return _answered_now(year)


def _answered(content: Content) -> tuple[str, list[ProvisionOut]]:
    return content["guide"]["code"], [
        ProvisionOut(
            code=provision["code"],
            aspect=provision["aspect"],
            kind=provision["kind"],
            obligation=provision["obligation"],
            is_quantitative=provision["is_quantitative"],
            title=said(provision["title"]),
            figures=provision["figures"],
            status=provision["status"],
            statement=said(provision["statement"]),
            statement_kind=provision["statement_kind"],
        )
        for provision in content["provisions"]
    ]


def _answered_now(year: ReportingYear) -> tuple[str | None, list[ProvisionOut]]:
    """As the next edition would have it, without putting the whole document together."""
    guide = guide_for(year)
    if guide is None:
        return None, []
    loaded = load_figures(year, history=_YEARS)
    lines = index_of(year, loaded.figures)
    language = get_language() or "en"
    texts = {line.provision.code: _approved_text(line, language) for line in lines}
    kpis = loaded.figures.kpis
    named: set[str] = set()

    def note(asked: Placeholder) -> str:
        named.add(asked.code)
        return asked.written

    for text in texts.values():
        fill(text, note)
    figures = {code: figure_content(loaded, kpis[code], with_history=False) for code in named if code in kpis}
    return guide.code, [
        ProvisionOut(
            code=line.provision.code,
            aspect=line.provision.aspect,
            kind=line.provision.kind,
            obligation=line.provision.obligation,
            is_quantitative=line.provision.is_quantitative,
            title=line.provision.title_in(language),
            figures=[kpi.code for kpi in line.kpis],
            status=line.status.value,
            statement=fill(texts[line.provision.code], partial(printed, figures, language)),
            statement_kind=line.statement.kind if line.statement and texts[line.provision.code] else "",
        )
        for line in lines
    ]


def _approved_text(line: IndexLine, language: str) -> str:
    is_approved = line.statement is not None and line.statement.state == StatementState.APPROVED
    return line.statement.text_in(language) if line.statement is not None and is_approved else ""


def _asked_for(reader: Reader, year: ReportingYear, edition: Published | None) -> tuple[str | None, list[ProvisionOut]]:
    """What the guide asks for, with those figures that the token reads at one of its places."""
    guide = guide_for(year)
    if guide is None:
        return None, []
    places = [*reader.sites, *([None] if reader.reads_group else [])]
    sections = frozenset().union(*(reader.sections(place) for place in places))
    by_provision = kpis_by_provision(current_kpis().within(sections))

    def codes(provision: Provision) -> Sequence[str]:
        found = [kpi.code for kpi in by_provision.get(provision.code, ())]
        return found if edition is None else [code for code in found if code in edition.figures]

    return guide.code, [
        ProvisionOut(
            code=provision.code,
            aspect=provision.aspect,
            kind=provision.kind,
            obligation=provision.obligation,
            is_quantitative=provision.is_quantitative,
            title=provision.title,
            figures=list(codes(provision)),
            status=None,
            statement=None,
            statement_kind=None,
        )
        for provision in guide.provisions.all()
    ]


def editions_of(year: ReportingYear | None) -> list[EditionOut]:
    """Without their contents; of one year, or of all."""
    found = Edition.objects.select_related("year").defer("content").order_by("-year__starts_on", "-number")
    listed = list(found if year is None else found.filter(year=year))
    digests = {(edition.year_id, edition.number): edition.sha256 for edition in listed}
    return [EditionOut(**_edition(edition, digests)) for edition in listed]


def edition_of(reader: Reader, year: ReportingYear, number: int) -> EditionWithContentOut:
    """One edition; its content for tokens that read the report."""
    editions = list(Edition.objects.filter(year=year, number__lte=number).select_related("year").defer("content"))
    if not editions or editions[-1].number != number:
        raise not_found(_("There is no such edition of this year."))
    digests = {(edition.year_id, edition.number): edition.sha256 for edition in editions}
    whole: Any = parsed(editions[-1].content) if reader.reads_report else None
    return EditionWithContentOut(**_edition(editions[-1], digests), content=whole)


def edition_text(reader: Reader, year: ReportingYear, number: int) -> str:
    """The content as it was published, of which the digest is."""
    text = (
        Edition.objects.filter(year=year, number=number).values_list("content", flat=True).first()
        if reader.reads_report
        else None
    )
    if text is None:
        raise not_found(_("There is no such edition of this year, or this token does not read the report."))
    return text


def _edition(edition: Edition, digests: dict[tuple[int, int], str]) -> dict[str, Any]:
    return {
        "year": edition.year.code,
        "number": edition.number,
        "sha256": edition.sha256,
        "previous_sha256": digests.get((edition.year_id, edition.number - 1), ""),
        "published_at": edition.published_at,
    }
