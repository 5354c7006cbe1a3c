"""The figures that a page of the report shows: computed once over all sites, for the year and the one before it."""

from collections.abc import Collection, Mapping
from functools import partial

from apps.indicators.basis import year_before
from apps.indicators.computation import compute_years
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import ReportingYear, Site
from apps.reporting.content.builder import printed
from apps.reporting.content.figures import YearFigures, figure_content
from apps.reporting.content.shape import LANGUAGES, FigureContent
from apps.reporting.index import kpis_by_provision
from apps.reporting.models import Edition
from apps.reporting.placeholders import fill

# This year and the one before it.
BESIDE = 2


def load(
    year: ReportingYear, *, codes: Collection[str] | None = None, provisions: Collection[str] = (), years: int = BESIDE
) -> YearFigures:
    """``years`` years, this one included, from approved data, with titles in the language of the reader.

    ``codes`` limits the figures to some, those of ``provisions``, and what they are made of; unknown codes are passed
    over. Units follow the language they are asked for in, so the figures serve all three.
    """
    kpis = current_kpis()
    if codes is not None:
        by_provision = kpis_by_provision(kpis)
        answering = [kpi.code for provision in provisions for kpi in by_provision.get(provision, ())]
        kpis = kpis.of(code for code in dict.fromkeys([*answering, *codes]) if code in kpis)
    sites = list(Site.objects.all())
    together = [year]
    while len(together) < years and (each := year_before(together[-1])) is not None:
        together.append(each)
    figures, *earlier = compute_years(together, sites=sites, kpis=kpis)
    return YearFigures(
        year=year,
        sites=sites,
        worded=dict.fromkeys(LANGUAGES, figures),
        before=[(each.year, each, Edition.newest_of(each.year)) for each in earlier],
    )


def contents(loaded: YearFigures, readable: Collection[str] | None = None) -> dict[str, FigureContent]:
    """The figures as the document has them, which is what placeholders are filled from.

    ``readable`` names the only ones that whoever asks may read; None is all.
    """
    figures = loaded.figures
    return {
        kpi.code: figure_content(loaded, kpi, with_history=False)
        for kpi in figures.kpis
        if (readable is None or kpi.code in readable) and figures.coverage(figures.kpis.sections(kpi)).expected
    }


def filled(text: str, language: str, figures: Mapping[str, FigureContent]) -> str:
    """``text`` as the report prints it; what has no value stays as it was typed."""
    return fill(text, partial(printed, figures, language))
