"""What the tests of statements share: the guides, the words of a statement, and its way to approval."""

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.organisation.models import ReportingYear
from apps.reporting import statements
from apps.reporting.content.shape import LANGUAGES
from apps.reporting.models import Guide, Statement, StatementKind
from apps.submissions import services
from apps.submissions.shipped import _add_missing, shipments
from tests.factories import ReportingYearFactory


def load_guides() -> None:
    """The three editions that ship with the portal."""
    shipped = shipments["reporting"]
    _add_missing(Guide, shipped.folder / "guides.csv")
    shipped.others()


def year_of(code: str) -> ReportingYear:
    """A further reporting year, opened."""
    year: ReportingYear = ReportingYearFactory(code=code)
    services.open_year(year)
    return year


def texts(english: str, simplified: str = "我们节约能源。", traditional: str = "我們節約能源。") -> dict[str, str]:
    return dict(zip(LANGUAGES, (english, simplified, traditional), strict=True))


def saved(
    year: ReportingYear, code: str, user: User, said: dict[str, str], kind: StatementKind = StatementKind.DISCLOSURE
) -> Statement:
    """A draft by the service."""
    stored = Statement.objects.filter(year=year, code=code).first()
    with acting_as(user, "test"):
        return statements.save(
            year_id=year.pk, code=code, user=user, revision=stored.revision if stored else 0, kind=kind, texts=said
        )


def approved(
    year: ReportingYear,
    code: str,
    writer: User,
    approver: User,
    said: dict[str, str],
    kind: StatementKind = StatementKind.DISCLOSURE,
) -> Statement:
    """Words that went the whole way."""
    statement = saved(year, code, writer, said, kind)
    with acting_as(writer, "test"):
        statement = statements.submit(statement_id=statement.pk, user=writer, revision=statement.revision)
    with acting_as(approver, "test"):
        return statements.approve(statement_id=statement.pk, user=approver, revision=statement.revision)


def page_of(year: str, code: str, step: str = "") -> str:
    return reverse(f"reporting:statement{step}", args=[year, code])


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, data, follow=True)


def typed(said: dict[str, str], revision: int, **more: str) -> dict[str, Any]:
    """The edit form as a browser sends it."""
    return {
        "revision": revision,
        "kind": "disclosure",
        "text_en": said["en"],
        "text_zh_hans": said["zh-hans"],
        "text_zh_hant": said["zh-hant"],
        **more,
    }
