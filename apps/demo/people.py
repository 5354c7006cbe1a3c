"""The people of the demonstration: roles with made-up passwords, shown on the sign-in page and nowhere else used."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from apps.organisation.choices import Role

ENVIRONMENT: Final = ("environment", "environment_targets")
WORKFORCE: Final = ("safety_training", "workforce", "labour_standards")
SUPPLY: Final = ("supply_chain",)
PRODUCT: Final = ("product", "product_year")
COMMUNITY: Final = ("community", "local_hiring")
INTEGRITY: Final = ("integrity",)


@dataclass(frozen=True, kw_only=True)
class Person:
    """``label`` says on the sign-in page whose part one plays.

    ``site`` is empty for the whole group. ``sections`` are those that a preparer enters, empty for all of them.
    """

    username: str
    password: str
    full_name: str
    label: StrPromise
    roles: tuple[Role, ...]
    site: str = ""
    sections: tuple[str, ...] = ()
    language: str

    def sections_as(self, role: Role) -> tuple[str, ...]:
        """Where a role of this person reaches, one membership for each; "" is every section."""
        return self.sections if role == Role.PREPARER and self.sections else ("",)


PEOPLE: Final[tuple[Person, ...]] = (
    Person(
        username="clerk-hami",
        password="desert-magnesium-11",  # noqa: S106 - printed on the sign-in page of the demonstration
        full_name="Clerk, Hami",
        label=_("Clerk at Hami: enters the figures and hands them in"),
        roles=(Role.PREPARER,),
        site="HAMI",
        sections=ENVIRONMENT,
        language="zh-hans",
    ),
    Person(
        username="clerk-baishan",
        password="forest-magnesium-22",  # noqa: S106
        full_name="Clerk, Baishan",
        label=_("Clerk at Baishan: enters the figures and hands them in"),
        roles=(Role.PREPARER,),
        site="BAISHAN",
        sections=ENVIRONMENT,
        language="zh-hans",
    ),
    Person(
        username="hr-hami",
        password="personnel-file-77",  # noqa: S106
        full_name="HR clerk, Hami",
        label=_("HR clerk at Hami: enters what is about people and hands it in"),
        roles=(Role.PREPARER,),
        site="HAMI",
        sections=WORKFORCE,
        language="zh-hans",
    ),
    Person(
        username="hr-baishan",
        password="time-sheet-88",  # noqa: S106
        full_name="HR clerk, Baishan",
        label=_("HR clerk at Baishan: enters what is about people and hands it in"),
        roles=(Role.PREPARER,),
        site="BAISHAN",
        sections=WORKFORCE,
        language="zh-hans",
    ),
    Person(
        username="buyer-hami",
        password="sealed-envelope-12",  # noqa: S106
        full_name="Buyer, Hami",
        label=_("Buyer at Hami: keeps the suppliers, holds tenders and hands the supply chain in"),
        roles=(Role.PREPARER,),
        site="HAMI",
        sections=SUPPLY,
        language="zh-hans",
    ),
    Person(
        username="buyer-baishan",
        password="three-quotations-34",  # noqa: S106
        full_name="Buyer, Baishan",
        label=_("Buyer at Baishan: keeps the suppliers, holds tenders and hands the supply chain in"),
        roles=(Role.PREPARER,),
        site="BAISHAN",
        sections=SUPPLY,
        language="zh-hans",
    ),
    Person(
        username="quality-hami",
        password="certified-ingot-56",  # noqa: S106
        full_name="Quality clerk, Hami",
        label=_("Quality clerk at Hami: keeps certificates, enters sales, complaints and recalls"),
        roles=(Role.PREPARER,),
        site="HAMI",
        sections=PRODUCT,
        language="zh-hans",
    ),
    Person(
        username="quality-baishan",
        password="certified-alloy-78",  # noqa: S106
        full_name="Quality clerk, Baishan",
        label=_("Quality clerk at Baishan: keeps certificates, enters sales, complaints and recalls"),
        roles=(Role.PREPARER,),
        site="BAISHAN",
        sections=PRODUCT,
        language="zh-hans",
    ),
    Person(
        username="office-hami",
        password="harvest-leave-35",  # noqa: S106
        full_name="Office clerk, Hami",
        label=_("Office clerk at Hami: enters community, local hiring and the form on anti-corruption"),
        roles=(Role.PREPARER,),
        site="HAMI",
        sections=COMMUNITY + INTEGRITY,
        language="zh-hans",
    ),
    Person(
        username="office-baishan",
        password="winter-supplies-46",  # noqa: S106
        full_name="Office clerk, Baishan",
        label=_("Office clerk at Baishan: enters community, local hiring and the form on anti-corruption"),
        roles=(Role.PREPARER,),
        site="BAISHAN",
        sections=COMMUNITY + INTEGRITY,
        language="zh-hans",
    ),
    Person(
        username="head-hami",
        password="signs-by-hand-57",  # noqa: S106
        full_name="Head of workshop, Hami",
        label=_("Head of workshop at Hami: has a statement to read and sign"),
        roles=(),
        site="HAMI",
        language="zh-hans",
    ),
    Person(
        username="director",
        password="keeps-the-seal-68",  # noqa: S106
        full_name="Director",
        label=_("Director: has signed, and reads who opened the answers"),
        roles=(),
        language="zh-hant",
    ),
    Person(
        username="integrity-officer",
        password="clean-hands-79",  # noqa: S106
        full_name="Integrity officer",
        label=_("Integrity officer: runs the rounds of signing, decides conflicts, settles gifts"),
        roles=(Role.INTEGRITY_OFFICER,),
        language="zh-hans",
    ),
    Person(
        username="integrity-auditor",
        password="reads-what-is-signed-80",  # noqa: S106
        full_name="Auditor of declarations",
        label=_("Auditor of declarations: reads what people declare, and changes nothing"),
        roles=(Role.INTEGRITY_AUDITOR,),
        language="en",
    ),
    Person(
        username="reviewer",
        password="second-pair-of-eyes-33",  # noqa: S106
        full_name="Reviewer",
        label=_("Reviewer: approves or sends back"),
        roles=(Role.REVIEWER,),
        language="en",
    ),
    Person(
        username="lead-reviewer",
        password="third-pair-of-eyes-44",  # noqa: S106
        full_name="Lead reviewer",
        label=_("Lead reviewer: also reopens what was approved"),
        roles=(Role.LEAD_REVIEWER,),
        language="zh-hant",
    ),
    Person(
        username="lead-reviewer-finance",
        password="fourth-pair-of-eyes-45",  # noqa: S106
        full_name="Lead reviewer, finance",
        label=_("Lead reviewer of the finance department: approves restatements of the other"),
        roles=(Role.LEAD_REVIEWER,),
        language="zh-hans",
    ),
    Person(
        username="auditor",
        password="reads-everything-55",  # noqa: S106
        full_name="Auditor",
        label=_("Auditor: reads everything and changes nothing"),
        roles=(Role.AUDITOR,),
        language="en",
    ),
    Person(
        username="administrator",
        password="keeps-the-catalogues-66",  # noqa: S106
        full_name="Administrator",
        label=_("Administrator: keeps catalogues, sites, periods and people, and imports earlier years"),
        # Earlier years come in through the import, which asks for the right to prepare. It ends at rows about people.
        roles=(Role.ADMINISTRATOR, Role.PREPARER),
        sections=ENVIRONMENT,
        language="en",
    ),
)


def preparer_of(site: str, section: str) -> Person:
    """Who enters ``section`` at ``site``, day by day."""
    return next(person for person in PEOPLE if person.site == site and section in person.sections)
