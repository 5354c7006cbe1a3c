"""The report in one language, from the cover to the index: what every file prints, in this order.

The words that are the same each year go through gettext in the language of the report; all else comes from the content.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.reporting.aspects import ASPECTS
from apps.reporting.content.shape import Content, ProvisionContent, TableContent
from apps.reporting.documents.appendices import APPENDICES
from apps.reporting.documents.blocks import Block, Cover, Heading, Report, Text
from apps.reporting.documents.pictures import DRAWN, pictures_of
from apps.reporting.documents.tables import figure_table, provision_table
from apps.reporting.documents.words import Told, day, paragraphs

_OPENING: Final = "report"
_CLOSING: Final = "OUTLOOK"
_CLIMATE: Final = "D"
# Aspects of one letter are parts of their own, without a heading above them.
_PARTS: Final = {"A": gettext_lazy("Environmental"), "B": gettext_lazy("Social")}


def outline(content: Content, language: str) -> Report:
    """Everything that stands in the report."""
    with translation.override(language):
        told = Told(content=content, language=language)
        parts: list[tuple[str, tuple[Block, ...]]] = [("chapters", tuple(_chapters(told)))]
        parts += [(name, tuple(make(told))) for name, make in APPENDICES.items()]
        return Report(
            language=language,
            dated=(content["published_at"] or content["year"]["ends_on"])[:10],
            cover=_cover(told),
            contents_title=_("Contents"),
            parts=tuple(parts),
        )


def _cover(told: Told) -> Cover:
    content = told.content
    edition = (
        _("Draft, not published")
        if told.is_draft
        else _("Edition %(number)s, published on %(day)s")
        % {"number": content["number"], "day": day(content["published_at"])}
    )
    return Cover(
        title=_("Environmental, Social and Governance Report"),
        group=told.say(content["group"]["name"]),
        stock_code=_("Stock code: %(code)s") % {"code": content["group"]["stock_code"]}
        if content["group"]["stock_code"]
        else "",
        year=told.year,
        period=_("Reporting year %(first)s to %(last)s.")
        % {"first": day(content["year"]["starts_on"]), "last": day(content["year"]["ends_on"])},
        guide=_("Prepared under %(guide)s") % {"guide": told.say(content["guide"]["name"])},
        edition=edition,
        notice=told.say(content["group"]["notice"]),
        # In all three, since a draft may go to readers of each.
        draft="DRAFT · 草稿 · 草擬本" if told.is_draft else "",
    )


def _chapters(told: Told) -> Iterator[Block]:
    """The aspects of the guide with their words, tables and charts, in the order of the report."""
    part = ""
    waiting: list[ProvisionContent] = []
    for aspect in ASPECTS:
        listed = [each for each in told.content["provisions"] if each["aspect"] == aspect]
        waiting += [each for each in listed if each["code"] == _CLOSING]
        listed = [each for each in listed if each["code"] != _CLOSING]
        tables = [table for table in told.content["tables"] if _chapter_of(told, table) == aspect]
        is_whole_chapter = aspect in (_OPENING, "B", _CLIMATE)
        # No level of headings is skipped, which a PDF that everybody can read may not do.
        inner = tuple(_aspect(told, listed, tables, 2 if is_whole_chapter else 3))
        # An aspect of the guide without a word yet still has its heading, which the index names.
        if not inner and not listed:
            continue
        if is_whole_chapter:
            if aspect != _OPENING:
                yield Heading(level=1, text=_aspect_title(told, aspect), anchor=f"aspect-{aspect}", starts_page=True)
            else:
                yield Heading(level=1, text=_("Introduction"), anchor=f"aspect-{aspect}", starts_page=True)
        else:
            if aspect[0] != part:
                part = aspect[0]
                yield Heading(level=1, text=f"{part} {_PARTS[part]}", anchor=f"part-{part}", starts_page=True)
            yield Heading(level=2, text=_aspect_title(told, aspect), anchor=f"aspect-{aspect}")
        yield from inner or (Text(text=_("Nothing is reported here."), style="note"),)
    for provision in waiting:
        if provision["statement"]:
            yield Heading(level=1, text=told.say(provision["title"]), anchor=_anchor(provision))
            yield from paragraphs(told.say(provision["statement"]))


def _aspect_title(told: Told, aspect: str) -> str:
    return told.say(told.content["aspects"].get(aspect, {})) or str(ASPECTS[aspect])


def _aspect(
    told: Told, listed: Sequence[ProvisionContent], tables: Sequence[TableContent], level: int
) -> Iterator[Block]:
    """Provisions with their words and tables; then tables of no provision. ``level`` is that of their headings."""
    left = list(tables)
    drawn: set[str] = set()
    for provision in listed:
        mine = [table for table in left if _names(told, table, provision)]
        left = [table for table in left if table not in mine]
        yield from _provision(told, provision, mine, drawn, level)
    for table in left:
        yield from figure_table(told, table)


def _provision(
    told: Told, provision: ProvisionContent, tables: Sequence[TableContent], drawn: set[str], level: int
) -> Iterator[Block]:
    inner: list[Block] = []
    if provision["statement"]:
        if provision["statement_kind"] == "explanation":
            inner.append(Text(text=_("Why this is not disclosed"), style="label"))
        elif provision["statement_kind"] == "not_applicable":
            inner.append(Text(text=_("Not applicable, with the reason"), style="label"))
        inner += paragraphs(told.say(provision["statement"]))
    for table in tables:
        inner += figure_table(told, table)
    in_tables = {
        code for table in told.content["tables"] for line in table["lines"] for code in (line["total"], line["density"])
    }
    if provision["is_quantitative"] and not any(code in in_tables for code in provision["figures"]):
        inner += provision_table(told, told.say(provision["title"]), provision["figures"])
    for code in DRAWN:
        if code in provision["figures"] and code not in drawn:
            drawn.add(code)
            inner += pictures_of(told, code)
    if not inner:
        return
    if provision["kind"] == "chapter":
        yield from inner
        return
    yield Heading(level=level, text=f"{provision['code']} {told.say(provision['title'])}", anchor=_anchor(provision))
    yield from inner


def _names(told: Told, table: TableContent, provision: ProvisionContent) -> bool:
    codes = set(provision["figures"])
    return any(line["total"] in codes or line["density"] in codes for line in table["lines"])


def _chapter_of(told: Told, table: TableContent) -> str:
    """The aspect that its code names; that of the provision its figures answer where this guide asks elsewhere."""
    asked = [each["aspect"] for each in told.content["provisions"] if _names(told, table, each)]
    if asked and table["aspect"] not in asked:
        return asked[0]
    known = {provision["aspect"] for provision in told.content["provisions"]}
    return table["aspect"] if table["aspect"] in known and table["aspect"] in ASPECTS else _OPENING


def _anchor(provision: ProvisionContent) -> str:
    return f"provision-{provision['code']}"
