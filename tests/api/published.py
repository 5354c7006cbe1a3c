"""A published year, straight into the database."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from apps.organisation.models import ReportingYear
from apps.reporting.content.builder import Imprint, build
from apps.reporting.content.canonical import canonical, digest
from apps.reporting.models import Edition, Guide, Provision, Statement, StatementEvent
from tests.factories import UserFactory


def guide() -> Guide:
    """A guide of two provisions that holds for every year of the tests."""
    found: Guide = Guide.objects.create(
        code="guide", name_en="Guide", name_zh_hans="指引", name_zh_hant="指引", starts_on=dt.date(2000, 1, 1)
    )
    for position, (code, kind, title, is_quantitative) in enumerate(
        [("A1.GD", "general", "Policies on emissions", False), ("A1.3", "kpi", "Hazardous waste", True)]
    ):
        Provision.objects.create(
            guide=found,
            code=code,
            aspect=code[:2],
            position=position,
            kind=kind,
            obligation="comply",
            is_quantitative=is_quantitative,
            title_en=title,
            title_zh_hans=f"{title}（简）",
            title_zh_hant=f"{title}（繁）",
        )
    return found


@transaction.atomic
def approve_statement(year: ReportingYear, code: str, text: str) -> None:
    """The approved words for a provision, the same in every language."""
    writer, approver = UserFactory(), UserFactory()
    words = {f"text_{language}": text for language in ("en", "zh_hans", "zh_hant")}
    statement = Statement.objects.create(year=year, code=code, **words)
    now = timezone.now()
    for verb, actor, moved in (
        ("submitted", writer, {"state": "submitted", "submitted_by": writer, "submitted_at": now}),
        ("approved", approver, {"state": "approved", "approved_by": approver, "approved_at": now}),
    ):
        StatementEvent.objects.create(statement=statement, verb=verb, actor=actor, revision=0, **words)
        Statement.objects.filter(pk=statement.pk).update(**moved)


@transaction.atomic
def publish(year: ReportingYear) -> Edition:
    """The first edition of ``year`` as its data stand now."""
    guide()
    now = timezone.now()
    text = canonical(build(year, imprint=Imprint(number=1, published_at=now.isoformat())))
    year.published_at = now
    year.save(update_fields=["published_at"])
    return Edition.objects.create(
        year=year,
        number=1,
        content=text,
        sha256=digest(text),
        published_by=UserFactory(username="publisher"),
        published_at=now,
    )
