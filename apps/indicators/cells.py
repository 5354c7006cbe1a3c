"""A printed figure as it stands in a table: written here and not in a template, since a page has thousands of them."""

from collections.abc import Iterable
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.indicators.figures import Figure, query_of
from apps.indicators.reports import AnnualReport
from apps.organisation.models import Site


@lru_cache(maxsize=4096)
def _page(year: str, code: str, prefix: str) -> str:
    """The address of a figure, ready to be printed. ``prefix`` is that of the installation."""
    return escape(reverse("indicators:figure", args=[year, code]))


def figure_cell(figure: Figure, year: str, query: str | None = None) -> SafeString:
    """The number as a link to its page, or a dash with the reason. ``query`` spares asking the figure for its own."""
    if figure.value is None and not figure.rows and not figure.gaps and not figure.is_withheld:
        text = f'<span class="no-value">{escape(figure.display)} {_reason(figure.reason)}</span>'
    else:
        query = figure.query if query is None else query
        address = _page(year, figure.kpi.code, get_script_prefix()) + (f"?{escape(query)}" if query else "")
        text = f'<a href="{address}">{escape(figure.display)}</a>'
        if figure.value is None:
            text += _reason(figure.reason)
        elif figure.gaps:
            text += _reason(figure.gap_text)
    if figure.differs:
        said = _("differs from published: %(value)s") % {"value": figure.published.display if figure.published else ""}
        text += f'<span class="differs"><span aria-hidden="true">≠</span> {escape(said)}</span>'
    return SafeString(text)


def _reason(text: str) -> str:
    return f'<span class="no-value__reason">{escape(text)}</span>' if text else ""


def site_rows(report: AnnualReport, codes: Iterable[str], sites: Iterable[Site]) -> SafeString:
    """A line for each site with some of its figures, and how far it is approved."""
    listed = list(sites)
    report.figures.look_at(listed)
    page = reverse("indicators:year", args=[report.year.code])
    rows = []
    for site in listed:
        query = query_of(site, report.basis)
        cells = "".join(
            f'<td class="number">{figure_cell(report.figures.of(code, site), report.year.code, query)}</td>'
            for code in codes
        )
        rows.append(
            format_html(
                '<tr><th scope="row"><a href="{}?{}">{}</a></th><td>{}</td>{}</tr>',
                page,
                query,
                site.name,
                report.coverage(site).text,
                SafeString(cells),
            )
        )
    return SafeString("\n".join(rows))
