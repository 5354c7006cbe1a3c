"""The shape of that document. Everything a reader sees is in it, in all three languages, so that a file made from it
next year is the same.

Numbers are text: ``value`` with all digits (thirty where there is no last one), ``display`` as printed. Sites are named
by code, the group by "". Days and moments are ISO 8601.
"""

from typing import Final, TypedDict

LANGUAGES: Final = ("en", "zh-hans", "zh-hant")
# Of the document itself: grows when a part changes its meaning.
FORMAT: Final = 1
GROUP: Final = ""

# One text in the three languages.
Words = dict[str, str]


class SiteWords(TypedDict):
    code: str
    name: Words
    province: Words


class PlaceFigure(TypedDict):
    """A figure at one place. ``last`` is that of the year before, as published where it was; ``change`` is in percent.

    ``reason`` says why there is no value; ``gap`` that a sum lacks rows. Coverage counts forms.
    """

    value: str | None
    display: str
    reason: Words
    gap: Words
    is_withheld: bool
    rows: int
    approved: int
    expected: int
    last: str | None
    last_display: str
    change: str | None


class YearValue(TypedDict):
    year: str
    value: str | None
    display: str


class FigureContent(TypedDict):
    """``kind`` is how it comes about (Flow, Ratio, Worked …); ``made_of`` the figures it is worked out from."""

    title: Words
    unit: Words
    decimals: int
    kind: str
    section: str
    provisions: list[str]
    meaning: str
    made_of: list[str]
    places: dict[str, PlaceFigure]
    # Of the group, the oldest first, this year last; only of figures in a table.
    history: list[YearValue]


class TableLine(TypedDict):
    title: Words
    heading: Words
    is_part: bool
    is_sum: bool
    total: str
    density: str
    words: Words


class TableContent(TypedDict):
    """A table of the report: each line names its figures by code. ``columns`` are its heads."""

    code: str
    aspect: str
    title: Words
    item_title: Words
    amount_title: Words
    density_title: Words
    words_title: Words
    note: Words
    # Totals over more than two years, the oldest first, where the guide asks for them; values by line.
    years: list[str]
    lines: list[TableLine]
    history: list[list[YearValue]]


class ProvisionContent(TypedDict):
    """One line of the index. ``status`` is reported, explained, not_applicable or missing.

    ``statement`` has its figures filled in; ``statement_kind`` is empty without one.
    """

    code: str
    aspect: str
    kind: str
    obligation: str
    is_quantitative: bool
    title: Words
    status: str
    figures: list[str]
    statement_kind: str
    statement: Words
    responsible: str
    forms: list[str]


class StepContent(TypedDict):
    title: Words
    value: str
    unit: str
    source: str
    reference: str
    is_doubtful: bool


class LineContent(TypedDict):
    title: Words
    code: str
    amount: str | None
    unit: Words
    steps: list[StepContent]
    result: str | None
    reason: Words


class FactorContent(TypedDict):
    """A factor that a figure of the year rests on."""

    reference: str
    title: Words
    value: str
    unit: str
    source: str
    is_doubtful: bool


class TargetContent(TypedDict):
    """A target of the group: the base, what is to be reached, where it stands, and what the yearly review said.

    ``progress`` is the share of the way from the base to the target, in percent; None where it is a direction only.
    """

    code: str
    title: Words
    kind: Words
    unit: Words
    base_year: int
    base_value: str | None
    target_year: int
    target_value: str | None
    current: str | None
    figure: str
    progress: str | None
    verdict: Words
    reviewed_by: str
    reviewed_on: str
    remark: str
    history: list[YearValue]


class InstrumentContent(TypedDict):
    """Electricity under a contract of its own, noted beside the location-based figure."""

    site: str
    kind: Words
    mwh: str
    note: str


class RestatedContent(TypedDict):
    code: str
    site: str
    old: str
    new: str
    old_display: str
    new_display: str
    change: str | None


class RestatementContent(TypedDict):
    """``edition`` is the one that carries the new values."""

    edition: int
    kind: Words
    cause: Words
    prepared_by: str
    approved_by: str
    approved_on: str
    figures: list[RestatedContent]


class YearContent(TypedDict):
    code: str
    starts_on: str
    ends_on: str


class GuideContent(TypedDict):
    code: str
    name: Words
    source: str


class GroupContent(TypedDict):
    name: Words
    stock_code: str
    notice: Words


class Content(TypedDict):
    """The whole. ``number`` 0 is a draft, which has no ``published_at``."""

    format: int
    number: int
    previous_sha256: str
    published_at: str
    remark: str
    year: YearContent
    last_year: str
    group: GroupContent
    guide: GuideContent
    aspects: dict[str, Words]
    sections: dict[str, Words]
    sites: list[SiteWords]
    provisions: list[ProvisionContent]
    tables: list[TableContent]
    figures: dict[str, FigureContent]
    calculations: dict[str, dict[str, list[LineContent]]]
    factors: list[FactorContent]
    targets: list[TargetContent]
    instruments: list[InstrumentContent]
    restatements: list[RestatementContent]
