"""The figures of the demonstration by their code and the code of the site; "" is the group."""

from apps.indicators.computation import compute
from apps.indicators.figures import Figure
from apps.organisation.models import ReportingYear, Site

Computed = dict[tuple[str, str], Figure]


def figures_of(year: str, *, reveal: bool = False) -> Computed:
    computed = compute(year=ReportingYear.objects.get(code=year), sites=list(Site.objects.all()), reveal=reveal)
    return {(figure.kpi.code, figure.site.code if figure.site else ""): figure for figure in computed.rows(group=True)}
