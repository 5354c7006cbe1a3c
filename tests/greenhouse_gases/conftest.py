"""A plant with the shipped catalogues and factors: one site in Xinjiang, one in Jilin, and the year 2020."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.organisation.choices import Role
from apps.organisation.models import Site
from apps.submissions import checks, services, workflow
from apps.submissions.choices import State
from apps.submissions.models import Explanation, NothingToReport, Submission
from apps.submissions.sheets import load_sheet
from apps.submissions.shipped import load_catalogues
from tests.factories import AssignmentFactory, GroupFactory, ReportingYearFactory, SiteFactory, World


class Plant(SimpleNamespace):
    """``hami`` (northwest, Xinjiang) and ``baishan`` (northeast, Jilin), their forms of 2020, and the people."""

    def hand_in(self, year: str = "2020") -> None:
        """One month of each site, with whatever is in it: from then on its figures of the year count."""
        for site, clerk in ((self.hami, self.clerk), (self.baishan, self.other_clerk)):
            form = self.form(site, year=year)
            if form.state == State.DRAFT:
                NothingToReport.objects.get_or_create(submission=form, table="stack_test")
                for finding in checks.run(load_sheet(form)):
                    Explanation.objects.create(
                        submission=form,
                        finding=finding.code,
                        row=finding.row,
                        fingerprint=finding.fingerprint,
                        text="It is so.",
                        written_by=clerk,
                    )
                workflow.submit(submission_id=form.pk, user=clerk, revision=form.revision)

    def form(self, site: Site, month: int = 3, year: str = "2020") -> Submission:
        return Submission.objects.get(site=site, period__code=f"{year}-{month:02}", section="environment")


def opened_year(code: str, **fields: Any) -> Any:
    year = ReportingYearFactory(code=code, **fields)
    services.open_year(year)
    return year


@pytest.fixture
def plant(db: None) -> Plant:
    load_catalogues()
    GroupFactory()
    hami = SiteFactory(code="HAMI", name_en="Hami", grid_region="northwest", province="Xinjiang", position=1)
    baishan = SiteFactory(code="BAISHAN", name_en="Baishan", grid_region="northeast", province="Jilin", position=2)
    for site in (hami, baishan):
        AssignmentFactory(site=site)
        AssignmentFactory(site=site, section="scope3")
    return Plant(
        hami=hami,
        baishan=baishan,
        year=opened_year("2020"),
        clerk=World.person("clerk-hami", Role.PREPARER, hami),
        other_clerk=World.person("clerk-baishan", Role.PREPARER, baishan),
        reviewer=World.person("reviewer", Role.REVIEWER),
        lead=World.person("lead-reviewer", Role.LEAD_REVIEWER),
        auditor=World.person("auditor", Role.AUDITOR),
        administrator=World.person("administrator", Role.ADMINISTRATOR),
    )
