"""The least that makes a year a published one: an edition that says nothing."""

from django.utils import timezone

from apps.accounts.models import User
from apps.organisation.models import ReportingYear
from apps.reporting.content.canonical import canonical, digest
from apps.reporting.models import Edition


def mark_published(year: ReportingYear, user: User) -> None:
    """Enough for what is locked once a year is out."""
    year.published_at = timezone.now()
    year.save(update_fields=["published_at"])
    content = canonical({"number": 1, "previous_sha256": "", "provisions": [], "figures": {}})  # type: ignore[typeddict-item]
    Edition.objects.create(
        year=year, number=1, content=content, sha256=digest(content), published_by=user, published_at=timezone.now()
    )
