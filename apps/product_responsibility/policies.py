"""Who may read and keep the certificates of a site: the roles of the yearly form there."""

from collections.abc import Collection
from typing import Final

from django.db.models import Q, QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.models import Site
from apps.organisation.policies import READING_ROLES, grants, has_role
from apps.product_responsibility.models import Certificate, CertificateFile, CertificateHeld

# The section whose roles open the certificates.
SECTION: Final = "product_year"


def _of_sites(user: User, roles: Collection[str], path: str) -> Q:
    """Rows of sites where ``user`` has one of ``roles`` in the section; ``path`` leads to the site."""
    sites = {grant.site_id for grant in grants(user) if grant.role in roles and grant.section in ("", SECTION)}
    return Q() if None in sites else Q(**{f"{path}__in": sites})


def may_see_certificates(user: User) -> bool:
    return has_role(user, READING_ROLES, section=SECTION)


def readable_by(user: User) -> Q:
    return _of_sites(user, READING_ROLES, "site")


def may_keep_at(user: User, site_id: int) -> bool:
    """Adds, changes and ends the certificates of a site, and puts files to them."""
    return has_role(user, (Role.PREPARER,), site_id, SECTION)


def may_remove(user: User, certificate: Certificate) -> bool:
    """One entered by mistake, that no yearly form speaks of."""
    told = CertificateHeld._default_manager.filter(certificate=certificate)
    return may_keep_at(user, certificate.site_id) and not told.exists()


def keepable_by(user: User) -> Q:
    return _of_sites(user, (Role.PREPARER,), "site")


def sites_to_keep(user: User) -> QuerySet[Site]:
    """Where ``user`` may add a certificate."""
    return Site.objects.filter(_of_sites(user, (Role.PREPARER,), "pk"))


def sites_to_read(user: User) -> QuerySet[Site]:
    """Whose certificates ``user`` may read."""
    return Site.objects.filter(_of_sites(user, READING_ROLES, "pk"))


def may_keep_somewhere(user: User) -> bool:
    return has_role(user, (Role.PREPARER,), section=SECTION)


def certificates_for(user: User) -> QuerySet[Certificate]:
    """The one door to certificates on behalf of somebody."""
    return Certificate.objects.filter(readable_by(user)).select_related("site", "standard", "entered_by")


def access_certificate(user: User, pk: int) -> Certificate:
    """The certificate, or 404 for who may not read those of its site."""
    certificate = certificates_for(user).filter(pk=pk).first()
    if certificate is None:
        raise Http404
    return certificate


def access_file(user: User, pk: int) -> CertificateFile:
    """The file, or 404 for who may not read the certificates of its site."""
    kept = CertificateFile.objects.filter(pk=pk, certificate__in=certificates_for(user)).first()
    if kept is None:
        raise Http404
    return kept
