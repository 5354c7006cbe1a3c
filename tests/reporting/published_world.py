"""A year that can be published: two sites with approved months, a small guide, and its words."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.greenhouse_gases.models import Factor
from apps.organisation.choices import Role
from apps.reporting import publishing, restating
from apps.reporting.models import Edition, Guide, Provision, Restatement, Statement, StatementEvent
from apps.submissions import workflow
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from apps.submissions.shipped import shipments
from tests.factories import World

Act = Callable[..., Submission]

CAUSE = {"en": "A meter was read twice.", "zh-hans": "重复抄表。", "zh-hant": "重複抄錶。"}
ELECTRICITY = "ENV-RES-ELECTRICITY"

_PROVISIONS = (
    ("A1.GD", "general", "comply", False, "Policies on emissions"),
    ("A1.3", "kpi", "comply", True, "Hazardous waste"),
    ("A3.1", "kpi", "recommended", False, "Impacts on the environment"),
)


class PublishedWorld(World):
    """January is approved at Hami, February at Baishan; everything else is not, which wants a remark."""

    def __init__(self, approve: Act) -> None:
        super().__init__()
        self._approve = approve
        self.second_lead = self.person("second-lead-reviewer", Role.LEAD_REVIEWER)
        self.guide = Guide.objects.create(
            code="test-guide", name_en="Test guide", name_zh_hans="测试指引", name_zh_hant="測試指引",
            starts_on=dt.date(2010, 1, 1),
        )  # fmt: skip
        for position, (code, kind, obligation, is_quantitative, title) in enumerate(_PROVISIONS):
            Provision.objects.create(
                guide=self.guide, code=code, aspect=code[:2], position=position, kind=kind, obligation=obligation,
                is_quantitative=is_quantitative, title_en=title, title_zh_hans=title, title_zh_hant=title,
            )  # fmt: skip
        self._add_factors()
        self.form = approve(self.submission(self.hami, 1), self.clerk, self.reviewer)
        approve(self.submission(self.baishan, 2), self.other_clerk, self.reviewer)

    def _add_factors(self) -> None:
        """What the energy of both sites is reckoned with; their coal, which has no grades, burns like bituminous."""
        shipments["greenhouse_gases"].others()
        for factor in Factor.objects.filter(subject="coal_bituminous", parameter__in=("ncv", "cc", "of")):
            factor.pk, factor.subject = None, "coal"
            factor.save(force_insert=True)
        for site, region in ((self.hami, "northwest"), (self.baishan, "northeast")):
            site.grid_region = region
            site.save()

    def state(self, code: str = "A1.GD", text: str = "We used {ENV-RES-ELECTRICITY}.", **fields: Any) -> Statement:
        """Words of the reviewer, approved by another one."""
        words = {"text_en": text, "text_zh_hans": text, "text_zh_hant": text, **fields}
        statement = Statement.objects.create(year=self.year, code=code, **words)
        self.approve_words(statement)
        return statement

    def approve_words(self, statement: Statement) -> None:
        """Hands a statement in and approves it, as the statements' own services do."""
        for state, verb, person in (("submitted", "submitted", self.reviewer), ("approved", "approved", self.lead)):
            statement.revision += 1
            statement.state = state
            setattr(statement, f"{state}_by", person)
            setattr(statement, f"{state}_at", timezone.now())
            with acting_as(person, "test"):
                statement.save()
                StatementEvent.objects.create(
                    statement=statement, verb=verb, actor=person, revision=statement.revision,
                    text_en=statement.text_en, text_zh_hans=statement.text_zh_hans,
                    text_zh_hant=statement.text_zh_hant,
                )  # fmt: skip

    def publish(self, user: User | None = None) -> Edition:
        user = user or self.lead
        with acting_as(user, "test"):
            edition = publishing.publish(year=self.year, user=user, remark="The rest is late.")
        self.year.refresh_from_db()
        return edition

    def open(self, user: User | None = None, **fields: Any) -> Restatement:
        user = user or self.lead
        with acting_as(user, "test"):
            return restating.open_restatement(
                **{"year": self.year, "user": user, "kind": "data", "cause": CAUSE, "submission": self.form, **fields}
            )

    def correct(self, cells: dict[str, Cell] | None = None) -> None:
        """The form that is restated is reopened, corrected, handed in and approved."""
        with acting_as(self.lead, "test"):
            workflow.reopen(submission_id=self.form.pk, user=self.lead, reason="The meter was read twice.")
        cells = cells or {"resource:electricity": Cell(value="140.25", unit="万kWh")}
        self.form = self._approve(self.form, self.clerk, self.reviewer, cells)

    def prepare(self, restatement: Restatement, user: User | None = None) -> Restatement:
        user = user or self.lead
        with acting_as(user, "test"):
            return restating.prepare(restatement_id=restatement.pk, user=user)

    def agree(self, restatement: Restatement, user: User | None = None) -> Edition:
        user = user or self.second_lead
        with acting_as(user, "test"):
            return restating.approve(restatement_id=restatement.pk, user=user, comment="Seen.")
