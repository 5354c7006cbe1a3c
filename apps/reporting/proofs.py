"""What ``verify_audit`` and ``check_figures`` ask of editions: the digests of their bytes and files, their chain."""

import hashlib
from collections.abc import Iterator

from apps.audit.proofs import Proof, proofs
from apps.organisation.models import ReportingYear
from apps.reporting.content.canonical import canonical, digest, parsed
from apps.reporting.models import Edition, EditionFile


def broken_editions(year: ReportingYear | None = None) -> Iterator[str]:
    """Editions that are not as they were published, of one year or of all, in a sentence each."""
    editions = Edition.objects.select_related("year").order_by("year__starts_on", "number")
    before: Edition | None = None
    for edition in editions.filter(year=year) if year else editions.iterator(10):
        same_year = before is not None and before.year_id == edition.year_id
        previous, number = (before.sha256, before.number) if before is not None and same_year else ("", 0)
        yield from _broken(edition, previous, number)
        before = edition


def _broken(edition: Edition, previous: str, number_before: int) -> Iterator[str]:
    if digest(edition.content) != edition.sha256:
        yield f"edition {edition}: its content does not have the digest {edition.sha256}"
        return
    content = parsed(edition.content)
    if canonical(content) != edition.content:
        yield f"edition {edition}: its content is not written the canonical way"
    if content["previous_sha256"] != previous or edition.number != number_before + 1:
        yield f"edition {edition}: it does not follow the edition before it"
    if (content["number"], content["year"]["code"]) != (edition.number, edition.year.code):
        yield f"edition {edition}: its content speaks of another edition"


def broken_files(year: ReportingYear | None = None) -> Iterator[str]:
    """Files of editions whose bytes do not have their digest."""
    files = EditionFile.objects.select_related("edition__year").defer("edition__content").order_by("edition", "pk")
    for file in (files.filter(edition__year=year) if year else files).iterator(10):
        if hashlib.sha256(file.data).hexdigest() != file.sha256:
            yield f"file {file.name} of edition {file.edition}: its bytes do not have the digest {file.sha256}"


def years_without_edition() -> Iterator[str]:
    """Years that call themselves published while their edition is gone."""
    for year in ReportingYear.objects.filter(published_at__isnull=False, editions__isnull=True):
        yield f"year {year.code}: it is published, and its edition is gone"


proofs.register(Proof(code="editions", differences=broken_editions))
proofs.register(Proof(code="edition_files", differences=broken_files))
proofs.register(Proof(code="published_years", differences=years_without_edition))
