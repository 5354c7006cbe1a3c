"""A year in work and a published one, factors, a token: what the URLs of the report and of the API are asked with."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.api import services as tokens
from apps.audit.context import acting_as
from apps.environment.models import ScopeThreeEmission
from apps.greenhouse_gases.models import ContractualInstrument, Factor
from apps.reporting import restating, statements
from apps.reporting.models import EditionFile, ReportTemplate, StatementKind
from apps.submissions import services as submissions
from apps.submissions.models import Submission
from tests.api.published import publish
from tests.factories import AssignmentFactory, ReportingYearFactory, ScopeThreeCategoryFactory, World
from tests.greenhouse_gases.records import typed
from tests.reporting.published_world import CAUSE
from tests.reporting.words import texts

YEAR = "2020"
PUBLISHED = "2018"
PROVISION = "A1.GD"


def put_report(world: World, target: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What each of ``names`` takes. The words of 2020 wait for approval; a restatement of words of 2018 is open."""
    published = ReportingYearFactory(code=PUBLISHED)
    edition = publish(published)
    content = b"code,value\n"
    told = {"content": content, "sha256": hashlib.sha256(content).hexdigest()}
    file = EditionFile.objects.create(edition=edition, format="csv", name="r.csv", content_type="text/csv", **told)
    with acting_as(world.administrator, "test"):
        template = ReportTemplate.objects.create(name="report.docx", uploaded_by=world.administrator, **told)
    with acting_as(world.lead, "test"):
        restatement = restating.open_restatement(year=published, user=world.lead, kind="words", cause=CAUSE)
    with acting_as(world.reviewer, "test"):
        draft = statements.save(
            year_id=world.year.pk, code=PROVISION, user=world.reviewer, revision=0,
            kind=StatementKind.DISCLOSURE, texts=texts("We save energy."),
        )  # fmt: skip
        statements.submit(statement_id=draft.pk, user=world.reviewer, revision=draft.revision)
    special = {
        **{name: {"year": YEAR, "code": PROVISION} for name in names if name.startswith("reporting:statement")},
        **{name: {"code": PUBLISHED, "pk": restatement.pk} for name in names if name.startswith("reporting:restat")},
        **{name: {"code": PUBLISHED, "number": 1} for name in names if name.startswith("reporting:edition")},
        **{name: {"year": YEAR} for name in ("reporting:year", "reporting:carry_forward", "reporting:targets")},
        **{name: {"code": YEAR} for name in ("reporting:publish", "reporting:documents")},
        "reporting:restatements": {"code": PUBLISHED},
        "reporting:restatement_open": {"code": PUBLISHED},
        "reporting:edition_file": {"code": PUBLISHED, "number": 1, "pk": file.pk},
        "reporting:target_review": {"year": YEAR, "code": target},
        "reporting:template_file": {"pk": template.pk},
        "reporting:evidence_pack": {"year": YEAR, "kpi": "ENV-OUTPUT"},
    }
    _scope_three(world)
    return special | _factors(world) | _api(world)


def _scope_three(world: World) -> None:
    AssignmentFactory(site=world.hami, section="scope3")
    submissions.match_assignments(world.year)
    form = Submission.objects.get(site=world.hami, section="scope3")
    category = ScopeThreeCategoryFactory()
    ScopeThreeEmission.objects.create(submission=form, category=category, **typed(category, "1"))


def _factors(world: World) -> dict[str, dict[str, Any]]:
    factor = Factor.objects.create(
        subject="coal", parameter="ncv", unit="GJ/t", value=Decimal(20), document="Test report", confidence="verified",
        version=1,
    )  # fmt: skip
    contract = ContractualInstrument.objects.create(
        year=world.year, site=world.hami, kind="ppa", mwh=Decimal(1), note="Wind"
    )
    return {
        **{f"factors:{name}": {"pk": factor.pk} for name in ("factor", "version")},
        **{f"factors:{name}": {"code": YEAR} for name in ("year", "instrument_add")},
        "factors:instrument_remove": {"pk": contract.pk},
    }


def _api(world: World) -> dict[str, dict[str, Any]]:
    with acting_as(world.administrator, "test"):
        token, _secret = tokens.make_token(
            name="Dashboard of the group", owner=world.auditor, sites=[], whole_group=True,
            expires_on=timezone.localdate() + dt.timedelta(days=30), user=world.administrator,
        )  # fmt: skip
    return {
        "api:token_revoke": {"pk": token.pk},
        "api:provision": {"code": PROVISION},
        **{name: {"year": PUBLISHED, "number": "1"} for name in ("api:edition", "api:edition_content")},
        "api:nothing": {"rest": "nothing"},
    }
