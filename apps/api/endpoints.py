"""The addresses of the API, version 1. It reads and never writes."""

from typing import Any, Final

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.params import functions as parameters

from apps.api import report
from apps.api.authentication import BearerToken, TokenRequest
from apps.api.figures import figures_page
from apps.api.paging import next_link
from apps.api.problems import Problem, bad_request, not_found
from apps.api.schemas import (
    Basis,
    EditionsOut,
    EditionWithContentOut,
    FiguresOut,
    FiguresQuery,
    ProblemOut,
    ProvisionOut,
    ProvisionsOut,
    SiteOut,
    SitesOut,
    YearOut,
    YearsOut,
)
from apps.organisation.models import ReportingYear

_REFUSALS: Final = {401: ProblemOut, 404: ProblemOut, 422: ProblemOut, 429: ProblemOut}
_YEAR: Final[Any] = parameters.Query(..., description="Code of the reporting year.", example="2020")
_IN_PATH: Final[Any] = parameters.Path(..., description="Code of the reporting year.", example="2020")
_NUMBER: Final[Any] = parameters.Path(..., description="Number of the edition, from 1.", example=1)
_BASIS: Final[Any] = parameters.Query(
    "approved", description="As the data stand now, or as the edition that holds has it."
)

api = NinjaAPI(
    title="esgportal",
    version="1",
    description=(
        "Figures and provisions of the annual ESG report, for reading.\n\n"
        "An administrator makes a token in the portal; send it as `Authorization: Bearer esgp_…`. It reads what its "
        "owner may read at that moment, cut to the sites that it names. What is not there for a token answers 404.\n\n"
        "Numbers are text with a point and without separators. Words come in the language of `Accept-Language`: "
        "`en`, `zh-Hans` (else) or `zh-Hant`. Refusals are problems of RFC 9457 with a sentence in `detail`."
    ),
    docs_url=None,
    openapi_url=None,
    auth=BearerToken(),
    urls_namespace="v1",
)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem | type[Problem]) -> HttpResponse:
    if isinstance(problem, type):
        raise problem
    return problem.response()


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    return not_found().response()


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """Names the first parameter that cannot be read."""
    wrong = "" if isinstance(error, type) else ".".join(str(part) for part in error.errors[0]["loc"][-1:])
    return bad_request(
        _("The parameter “%(name)s” is missing or cannot be read. Compare it with the description.") % {"name": wrong}
    ).response()


@api.get("/years", response={200: YearsOut, **_REFUSALS}, tags=["Report"], summary="Reporting years")
def years(request: TokenRequest) -> YearsOut:
    """Every reporting year, published or not."""
    found = ReportingYear.objects.annotate(edition=Max("editions__number")).order_by("-starts_on")
    return YearsOut(
        items=[
            YearOut(
                code=year.code,
                starts_on=year.starts_on,
                ends_on=year.ends_on,
                published_at=year.published_at,
                edition=year.edition,
            )
            for year in found
        ]
    )


@api.get("/sites", response={200: SitesOut, **_REFUSALS}, tags=["Figures"], summary="Sites of the token")
def sites(request: TokenRequest) -> SitesOut:
    """The sites that this token reads at this moment."""
    language = get_language() or "en"
    return SitesOut(
        reads_group=request.auth.reads_group,
        items=[
            SiteOut(
                code=site.code,
                name=site.name_in(language),
                province={"zh-hans": site.province_zh_hans, "zh-hant": site.province_zh_hant}.get(
                    language, site.province
                ),
            )
            for site in request.auth.sites
        ],
    )


@api.get("/figures", response={200: FiguresOut, **_REFUSALS}, tags=["Figures"], summary="Figures of a year")
def figures(request: TokenRequest, query: Query[FiguresQuery]) -> FiguresOut:
    """In pages: follow `next` until it is null. Nothing moves between pages while data are approved meanwhile."""
    rows, cursor = figures_page(request.auth, report.year_of(query.year), query)
    return FiguresOut(items=rows, next=next_link(request, cursor))


@api.get("/provisions", response={200: ProvisionsOut, **_REFUSALS}, tags=["Report"], summary="Provisions of the guide")
def provisions(request: TokenRequest, year: str = _YEAR, basis: Basis = _BASIS) -> ProvisionsOut:
    """What the guide of the year asks for and, for tokens that read the report, what the group says to it."""
    guide, items = report.provisions_of(request.auth, report.year_of(year), basis)
    return ProvisionsOut(guide=guide, items=items)


@api.get("/provisions/{code}", response={200: ProvisionOut, **_REFUSALS}, tags=["Report"], summary="One provision")
def provision(
    request: TokenRequest,
    code: str = parameters.Path(..., description="Code in the guide.", example="A2.1"),
    year: str = _YEAR,
    basis: Basis = _BASIS,
) -> ProvisionOut:
    """One provision of the guide of the year, as in the list."""
    _guide, items = report.provisions_of(request.auth, report.year_of(year), basis)
    for item in items:
        if item.code == code:
            return item
    raise not_found(_("The guide of this year has no such provision."))


@api.get("/editions", response={200: EditionsOut, **_REFUSALS}, tags=["Report"], summary="Published editions")
def editions(
    request: TokenRequest,
    year: str = parameters.Query("", description="Code of the reporting year. Without it: of all years."),
) -> EditionsOut:
    """Published editions with their digests, the newest first."""
    return EditionsOut(items=report.editions_of(report.year_of(year) if year else None))


@api.get(
    "/editions/{year}/{number}",
    response={200: EditionWithContentOut, **_REFUSALS},
    tags=["Report"],
    summary="One edition",
)
def edition(request: TokenRequest, year: str = _IN_PATH, number: int = _NUMBER) -> EditionWithContentOut:
    """An edition with its digest and, for tokens that read the report, everything in it."""
    return report.edition_of(request.auth, report.year_of(year), number)


@api.get(
    "/editions/{year}/{number}/content",
    response={200: dict[str, object], **_REFUSALS},
    tags=["Report"],
    summary="The content of an edition, byte by byte",
)
def edition_content(request: TokenRequest, year: str = _IN_PATH, number: int = _NUMBER) -> HttpResponse:
    """The bytes of which `sha256` is the digest: `sha256sum` of this answer gives it."""
    text = report.edition_text(request.auth, report.year_of(year), number)
    return HttpResponse(text.encode(), content_type="application/json")
