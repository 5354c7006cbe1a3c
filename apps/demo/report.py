"""The words of the demonstration's report: written by the reviewer, approved by the lead reviewer, provision by
provision, and the next year begun with them.
"""

from collections.abc import Mapping
from typing import Final

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo.data import DemoError, rows
from apps.demo.story import SOURCE
from apps.organisation.models import ReportingYear
from apps.reporting import statements
from apps.reporting.content.figures import YearFigures
from apps.reporting.loading import load
from apps.reporting.models import Statement, StatementKind
from apps.reporting.policies import provision_of
from apps.reporting.statements import texts_of

_YEAR: Final = "2020"
_NEXT_YEAR: Final = "2021"
# Carried into the next year: so many stay drafts, and one more is handed in.
_DRAFTS: Final = 2


def write_statements(people: Mapping[str, User]) -> None:
    """Takes every statement of the file its whole way. Raises DemoError where words name a figure without a value."""
    year = ReportingYear.objects.get(code=_YEAR)
    loaded = load(year)
    for values in rows("statements_2020.csv"):
        _write(loaded, values, people)
    _begin(ReportingYear.objects.get(code=_NEXT_YEAR), people["reviewer"])


def _write(loaded: YearFigures, values: Mapping[str, str], people: Mapping[str, User]) -> None:
    year = loaded.year
    writer, approver = people["reviewer"], people["lead-reviewer"]
    with acting_as(writer, SOURCE):
        if values["responsible"]:
            statements.name_responsible(
                year_id=year.pk, code=values["code"], user=writer, responsible=people[values["responsible"]]
            )
        statement = statements.save(
            year_id=year.pk,
            code=values["code"],
            user=writer,
            revision=0,
            kind=StatementKind(values["kind"]),
            texts={
                "en": values["text_en"],
                "zh-hans": values["text_zh_hans"],
                "zh-hant": values["text_zh_hant"],
            },
        )
        try:
            statement = statements.submit(
                statement_id=statement.pk, user=writer, revision=statement.revision, loaded=loaded
            )
        except statements.NotReady as refused:
            said = "; ".join(f"{problem.language}: {problem.message}" for problem in refused.problems)
            raise DemoError(f"statement {values['code']}: {said}") from refused
    with acting_as(approver, SOURCE):
        statements.approve(statement_id=statement.pk, user=approver, revision=statement.revision, loaded=loaded)


def _begin(year: ReportingYear, writer: User) -> None:
    """The first statements that the next guide asks for again; one without figures, whose year is not over, goes in."""
    told = [
        statement
        for statement in Statement.objects.filter(year__code=_YEAR).order_by("pk")
        if provision_of(year, statement.code) is not None
    ]
    ready = [statement for statement in told if not any("{" in text for text in texts_of(statement).values())]
    handed_in = ready[-1] if ready else None
    drafts = [statement for statement in told if statement != handed_in][:_DRAFTS]
    carried = [*drafts, *([handed_in] if handed_in else [])]
    with acting_as(writer, SOURCE):
        made = statements.carry_forward(year_id=year.pk, user=writer, codes=[statement.code for statement in carried])
        for statement in made:
            if handed_in is not None and statement.code == handed_in.code:
                statements.submit(statement_id=statement.pk, user=writer, revision=statement.revision)
