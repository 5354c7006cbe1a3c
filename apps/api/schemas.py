"""What the API answers, with the words of its description. They are in English, as the names are."""

import datetime as dt
from typing import Literal

from ninja import Field, Schema

from apps.api.paging import MOST, USUAL

Basis = Literal["approved", "published"]
Level = Literal["group", "site"]


class ProblemOut(Schema):
    """A refusal (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(description="The name of the status.", examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        description="What is wrong and what to do, in the language asked for.",
        examples=["There is no such site, or this token does not reach it."],
    )


class YearOut(Schema):
    """A reporting year: whole months, not always from January to December."""

    code: str = Field(examples=["2020"])
    starts_on: dt.date
    ends_on: dt.date
    published_at: dt.datetime | None = Field(description="When its first edition was published; null before that.")
    edition: int | None = Field(description="The number of the edition that holds; null before it is published.")


class YearsOut(Schema):
    """Every reporting year, the newest first."""

    items: list[YearOut]


class SiteOut(Schema):
    """A site of the group."""

    code: str = Field(examples=["HAMI"])
    name: str = Field(examples=["Hami"])
    province: str = Field(examples=["Xinjiang"])


class SitesOut(Schema):
    """The sites that this token reads, by code."""

    reads_group: bool = Field(description="Whether the token also reads totals of the group.")
    items: list[SiteOut]


class CoverageOut(Schema):
    """How far the data behind a figure are approved: a form is one site, one period and one section."""

    approved: int = Field(examples=[12])
    expected: int = Field(examples=[12])


class PublishedOut(Schema):
    """The figure in the edition of the year that holds."""

    edition: int = Field(examples=[1])
    value: str | None = Field(examples=["37958240"])
    display: str = Field(examples=["37,958,240"])
    is_withheld: bool


class FigureOut(Schema):
    """A figure of one place in one year. Numbers are text, so that no program loses a digit."""

    year: str = Field(examples=["2020"])
    site: str | None = Field(description="The code of the site; null for the whole group.", examples=["HAMI"])
    code: str = Field(examples=["ENV-RES-ELECTRICITY"])
    title: str = Field(examples=["Electricity"])
    section: str = Field(description="The form it comes from.", examples=["environment"])
    provisions: list[str] = Field(description="Provisions of the guide that it answers.", examples=[["A2.1"]])
    value: str | None = Field(
        description="All digits of a sum, thirty of a quotient; null where there is none, see `reason`.",
        examples=["37958240"],
    )
    display: str = Field(description="Rounded as it is printed, a dash without a value.", examples=["37,958,240"])
    decimals: int = Field(description="Decimals as printed.", examples=[0])
    unit: str | None = Field(
        description="Code of the unit; null where an edition has a figure that is no longer kept.", examples=["kWh"]
    )
    unit_label: str = Field(description="The unit as people read it.", examples=["kWh"])
    basis: Basis = Field(description="`approved`: of the data approved by now. `published`: of the edition.")
    coverage: CoverageOut
    rows: int = Field(description="How many records were counted.", examples=[12])
    gap: str = Field(description="That a sum lacks rows without a value, else empty.", examples=[""])
    reason: str = Field(description="Why there is no value, else empty.", examples=[""])
    is_withheld: bool = Field(
        description="It speaks of so few people, or would tell of them, that no token reads its value."
    )
    published: PublishedOut | None = Field(
        description="As last published; null where the year is not published or the edition has no such figure."
    )
    differs: bool | None = Field(
        description="Whether `value` is another one than the published; null where nothing was published."
    )


class FiguresOut(Schema):
    """One page of figures, by place (the group first), then by code."""

    items: list[FigureOut]
    next: str | None = Field(description="The address of the next page; null on the last.")


class FiguresQuery(Schema):
    """Which figures, and from where on."""

    year: str = Field(description="Code of the reporting year.", examples=["2020"])
    site: str = Field("", description="Code of one site. Without it: every place that the token reads.")
    level: Level | None = Field(None, description="`group`: only totals of the group. `site`: only single sites.")
    code: str = Field("", description="Code of one figure.", examples=["ENV-RES-ELECTRICITY"])
    provision: str = Field("", description="Figures that answer this provision.", examples=["A2.1"])
    basis: Basis = Field("approved", description="Data approved by now, or the edition that holds.")
    cursor: str = Field("", description="From `next` of the page before.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="Rows on a page.")


class ProvisionOut(Schema):
    """What the guide of the year asks for and, for tokens that read the report, what the group says to it."""

    code: str = Field(examples=["A2.1"])
    aspect: str = Field(examples=["A2"])
    kind: str = Field(description="chapter, mandatory, general, kpi or climate.", examples=["kpi"])
    obligation: str = Field(description="mandatory, comply, recommended or voluntary.", examples=["comply"])
    is_quantitative: bool
    title: str = Field(examples=["Direct and indirect energy consumption by type, total and intensity"])
    figures: list[str] = Field(description="Codes of its figures.", examples=[["ENV-RES-ELECTRICITY"]])
    status: str | None = Field(
        description="reported, explained, not_applicable or missing; null for tokens that do not read the report.",
        examples=["reported"],
    )
    statement: str | None = Field(
        description="The approved words with their figures; empty without any, null as for `status`."
    )
    statement_kind: str | None = Field(
        description="disclosure, explanation or not_applicable; empty without a statement, null as for `status`."
    )


class ProvisionsOut(Schema):
    """The provisions of the guide, in its order."""

    guide: str | None = Field(description="The edition of the guide; null where none covers the year.")
    items: list[ProvisionOut]


class EditionOut(Schema):
    """A published edition. `sha256` is of the UTF-8 bytes of its content, which its `content` address gives."""

    year: str = Field(examples=["2020"])
    number: int = Field(examples=[1])
    sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
    previous_sha256: str = Field(description="Of the edition before; empty for the first.")
    published_at: dt.datetime


class EditionsOut(Schema):
    """Editions, the newest first."""

    items: list[EditionOut]


class EditionWithContentOut(EditionOut):
    """A published edition with its content."""

    content: dict[str, object] | None = Field(
        description="Everything a reader sees, in three languages; null for tokens that do not read the report."
    )
