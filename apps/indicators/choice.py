"""What somebody wants to see: year, place and basis, as far as their roles reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar

from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.accounts.models import User
from apps.indicators import policies
from apps.indicators.basis import Basis
from apps.indicators.declarations import tables
from apps.indicators.figures import query_of
from apps.indicators.filled_tables import Place
from apps.indicators.reports import COLUMNS, AnnualReport, build_report, year_to_show
from apps.organisation.models import ReportingYear, Site

T = TypeVar("T", ReportingYear, Site)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """``place`` None is the group. ``sections`` may be read at that place."""

    years: Sequence[ReportingYear]
    year: ReportingYear | None
    all_sites: Sequence[Site]
    may_see_group: bool
    place: Place
    basis: Basis
    sections: frozenset[str]

    @property
    def sites(self) -> Sequence[Site]:
        return [self.place] if self.place else self.all_sites

    @property
    def known_year(self) -> ReportingYear:
        if self.year is None:
            raise Http404
        return self.year

    @property
    def query(self) -> str:
        return query_of(self.place, self.basis)

    @property
    def site_options(self) -> SafeString:
        """The sites to choose from: hundreds, which a template would take long over."""
        chosen, language = self.place.pk if self.place else None, get_language() or "en"
        return SafeString(
            "\n".join(
                [
                    f'<option value="{escape(site.code)}"{" selected" if site.pk == chosen else ""}>'
                    f"{escape(site.name_in(language))}</option>"
                    for site in self.all_sites
                ]
            )
        )

    @property
    def bases(self) -> Sequence[tuple[str, Any]]:
        return Basis.choices

    def report(self, year: ReportingYear, columns: int | None = COLUMNS) -> AnnualReport:
        return build_report(
            year=year,
            sites=self.sites,
            group=self.place is None,
            basis=self.basis,
            sections=self.sections,
            columns=columns,
            years=self.years,
        )


def choose(user: User, data: Mapping[str, str], year_code: str | None = None) -> Choice:
    """Reads an address. 404 for whatever is not there, or not there for this person.

    Without a site it is the group for those who may see it, else the first of the person's sites.
    """
    years = list(ReportingYear.objects.all())
    all_sites = list(policies.sites_for(user))
    group_sections = policies.group_sections(user)
    may_see_group = any(table.section in group_sections for table in tables)
    if not all_sites and not may_see_group:
        raise Http404
    place: Place = None
    if data.get("site"):
        place = _among(all_sites, data["site"])
    elif not may_see_group:
        place = all_sites[0]
    if data.get("basis", Basis.APPROVED) not in ("", *Basis.values):
        raise Http404
    basis = Basis(data.get("basis") or Basis.APPROVED)
    sections = policies.sections_at(user, [place]) if place else group_sections
    if basis == Basis.ALL:
        # Beside the approved figures, those of a form that is not approved yet would tell of its people alone.
        sections = policies.rows_open_in(user, sections, [place] if place else all_sites)
    return Choice(
        years=years,
        year=_among(years, year_code) if year_code is not None else year_to_show(years),
        all_sites=all_sites,
        may_see_group=may_see_group,
        place=place,
        basis=basis,
        sections=sections,
    )


def _among(rows: Sequence[T], code: str) -> T:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise Http404
    return found
