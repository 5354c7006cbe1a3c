"""Who may see which figures: those of the sites and the sections that somebody's roles reach."""

from collections.abc import Sequence

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.indicators.declarations import tables
from apps.organisation.models import Site
from apps.organisation.policies import READING_ROLES, grants, has_role, may_see_group, visible_sites
from apps.submissions.policies import may_read_rows
from apps.submissions.sections import sections


def sites_for(user: User) -> QuerySet[Site]:
    """Sites whose figures somebody may look at, at least in one section that has figures."""
    with_figures = {table.section for table in tables}
    ids = {
        grant.site_id
        for grant in grants(user)
        if grant.role in READING_ROLES and (not grant.section or grant.section in with_figures)
    }
    visible = Site.objects.filter(visible_sites(user))
    return visible if None in ids else visible.filter(pk__in=[pk for pk in ids if pk is not None])


def may_see_figures_of(user: User, site: Site) -> bool:
    """The same of a site that is read already."""
    with_figures = {table.section for table in tables}
    return any(
        grant.role in READING_ROLES and grant.site_id in (None, site.pk) and grant.section in {"", *with_figures}
        for grant in grants(user)
    )


def sections_at(user: User, sites: Sequence[Site]) -> frozenset[str]:
    """Sections that somebody may read at every one of ``sites``."""
    return frozenset(
        section.code
        for section in sections
        if all(has_role(user, READING_ROLES, site.pk, section.code) for site in sites)
    )


def may_open_rows(user: User, section_codes: frozenset[str], sites: Sequence[Site]) -> bool:
    """Whether somebody may read the rows behind a figure, and so also what it says of a small group."""
    return all(may_read_rows(user, site.pk, code) for site in sites for code in section_codes)


def rows_open_in(user: User, section_codes: frozenset[str], sites: Sequence[Site]) -> frozenset[str]:
    """Of these sections, those whose rows somebody may open at every one of ``sites``."""
    return frozenset(code for code in section_codes if may_open_rows(user, frozenset({code}), sites))


def group_sections(user: User) -> frozenset[str]:
    """Sections whose totals over the whole group somebody may read; none for people of single sites."""
    if not may_see_group(user):
        return frozenset()
    return frozenset(
        section.code
        for section in sections
        if any(
            grant.site_id is None and grant.role in READING_ROLES and grant.section in ("", section.code)
            for grant in grants(user)
        )
    )
