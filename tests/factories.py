"""Test data: one factory per model, and a small valid world to live in."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.accounts.models import User
from apps.community import models as community
from apps.environment import models as environment
from apps.organisation.choices import Role
from apps.organisation.models import Assignment, Group, Membership, ReportingYear, Site
from apps.product_responsibility import models as product
from apps.submissions import services
from apps.submissions.models import Submission
from apps.supply_chain import models as supply_chain
from apps.workforce import models as workforce

PASSWORD = "a long enough password 7"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n}")
    full_name = factory.LazyAttribute(lambda person: person.username.replace("-", " ").title())
    language = "en"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(*args, password=password, **kwargs)


class NamedFactory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    name_en = factory.LazyAttribute(lambda row: row.code.replace("_", " ").replace("-", " ").title())
    name_zh_hans = factory.LazyAttribute(lambda row: f"简 {row.code}")
    name_zh_hant = factory.LazyAttribute(lambda row: f"繁 {row.code}")


class GroupFactory(DjangoModelFactory[Group]):
    class Meta:
        model = Group
        django_get_or_create = ("id",)

    id = 1
    name_en = "Test Group"
    name_zh_hans = "测试集团"
    name_zh_hant = "測試集團"


class SiteFactory(NamedFactory):
    class Meta:
        model = Site

    code = factory.Sequence(lambda n: f"SITE{n}")
    province = "Xinjiang"
    province_zh_hans = "新疆"
    province_zh_hant = "新疆"


class ReportingYearFactory(DjangoModelFactory[ReportingYear]):
    class Meta:
        model = ReportingYear

    code = "2020"
    starts_on = factory.LazyAttribute(lambda year: dt.date(int(year.code[:4]), 1, 1))
    ends_on = factory.LazyAttribute(lambda year: dt.date(int(year.code[:4]), 12, 31))


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.PREPARER


class AssignmentFactory(DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment
        django_get_or_create = ("site", "section", "valid_from")

    section = "environment"
    valid_from = dt.date(2000, 1, 1)


class ProductFactory(NamedFactory):
    class Meta:
        model = environment.Product

    code = factory.Sequence(lambda n: f"product_{n}")
    unit_code = "t"


class ResourceFactory(NamedFactory):
    class Meta:
        model = environment.Resource

    code = factory.Sequence(lambda n: f"resource_{n}")
    unit_code = "t"
    kind = "energy"


class WasteTypeFactory(NamedFactory):
    class Meta:
        model = environment.WasteType

    code = factory.Sequence(lambda n: f"waste_{n}")
    unit_code = "t"


class TreatmentFactory(NamedFactory):
    class Meta:
        model = environment.Treatment

    code = factory.Sequence(lambda n: f"treatment_{n}")


class PackagingMaterialFactory(NamedFactory):
    class Meta:
        model = environment.PackagingMaterial

    code = factory.Sequence(lambda n: f"packaging_{n}")
    unit_code = "t"


class ScopeThreeCategoryFactory(NamedFactory):
    class Meta:
        model = environment.ScopeThreeCategory

    code = factory.Sequence(lambda n: f"scope_three_{n}")
    unit_code = "tCO2e"


class PollutantFactory(NamedFactory):
    class Meta:
        model = environment.Pollutant

    code = factory.Sequence(lambda n: f"pollutant_{n}")


class StackFactory(NamedFactory):
    class Meta:
        model = environment.Stack

    code = factory.Sequence(lambda n: f"stack_{n}")
    site = factory.SubFactory(SiteFactory)
    stack_type = "calcination"


class EmissionLimitFactory(DjangoModelFactory[environment.EmissionLimit]):
    class Meta:
        model = environment.EmissionLimit

    stack_type = "calcination"
    pollutant = factory.SubFactory(PollutantFactory)
    limit_mg_m3 = "150"
    source = "GB 25468-2010"


class TargetFactory(NamedFactory):
    class Meta:
        model = environment.Target

    code = factory.Sequence(lambda n: f"target_{n}")
    unit_code = "kWh/t"
    kind = "energy"
    base_year = 2020
    target_year = 2025


class DimensionFactory(NamedFactory):
    class Meta:
        model = workforce.Dimension

    code = factory.Sequence(lambda n: f"dimension_{n}")


class WorkforceGroupFactory(NamedFactory):
    class Meta:
        model = workforce.WorkforceGroup

    code = factory.Sequence(lambda n: f"group_{n}")
    dimension = factory.SubFactory(DimensionFactory)


class WorkforceMeasureFactory(NamedFactory):
    class Meta:
        model = workforce.WorkforceMeasure

    code = factory.SelfAttribute("kind")
    kind = workforce.MeasureKind.YEAR_END.value
    unit_code = "person"
    decimals = 0


class LabourItemFactory(NamedFactory):
    class Meta:
        model = workforce.LabourItem

    code = factory.Sequence(lambda n: f"labour_item_{n}")
    kind = workforce.LabourKind.SUPPLIES.value
    unit_code = "pcs"
    decimals = 0


class StandardItemFactory(NamedFactory):
    class Meta:
        model = workforce.StandardItem

    code = factory.Sequence(lambda n: f"standard_item_{n}")
    kind = workforce.StandardKind.COVERAGE.value
    unit_code = "person"
    decimals = 0


class AccidentTypeFactory(NamedFactory):
    class Meta:
        model = workforce.AccidentType

    code = factory.Sequence(lambda n: f"accident_type_{n}")


class DiseaseCategoryFactory(NamedFactory):
    class Meta:
        model = workforce.DiseaseCategory

    code = factory.Sequence(lambda n: f"disease_category_{n}")


class TrainingTopicFactory(NamedFactory):
    class Meta:
        model = workforce.TrainingTopic

    code = factory.Sequence(lambda n: f"training_topic_{n}")


class SupplierRegionFactory(NamedFactory):
    class Meta:
        model = supply_chain.SupplierRegion

    code = factory.Sequence(lambda n: f"region_{n}")


class SupplyCategoryFactory(NamedFactory):
    class Meta:
        model = supply_chain.SupplyCategory
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"supply_{n}")


class SupplierFactory(DjangoModelFactory[supply_chain.Supplier]):
    """Supplies nothing and nobody until a test says so: ``supplies`` and ``sites`` are lists of rows."""

    class Meta:
        model = supply_chain.Supplier
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"S-{n:04}")
    name_zh = factory.LazyAttribute(lambda supplier: f"供应商{supplier.code}")
    name_key = factory.LazyAttribute(lambda supplier: supply_chain.Supplier.key_of(supplier.name_zh))
    region = factory.SubFactory(SupplierRegionFactory)
    active_from = dt.date(2015, 1, 1)

    @factory.post_generation
    def supplies(self: Any, create: bool, rows: Any, **kwargs: Any) -> None:
        self.supplies.set(rows or ())

    @factory.post_generation
    def sites(self: Any, create: bool, rows: Any, **kwargs: Any) -> None:
        self.sites.set(rows or ())


class SoldProductFactory(NamedFactory):
    class Meta:
        model = product.SoldProduct

    code = factory.Sequence(lambda n: f"sold_product_{n}")
    unit_code = "t"


class ComplaintCategoryFactory(NamedFactory):
    class Meta:
        model = product.ComplaintCategory

    code = factory.Sequence(lambda n: f"complaint_category_{n}")


class CustomerRegionFactory(NamedFactory):
    class Meta:
        model = product.CustomerRegion

    code = factory.Sequence(lambda n: f"customer_region_{n}")


class StatementItemFactory(NamedFactory):
    class Meta:
        model = product.StatementItem

    code = factory.Sequence(lambda n: f"statement_item_{n}")
    provision = product.Provision.QUALITY.value
    unit_code = "batch"
    decimals = 0


class CertificateStandardFactory(NamedFactory):
    class Meta:
        model = product.CertificateStandard

    code = factory.Sequence(lambda n: f"standard_{n}")
    family = factory.SelfAttribute("code")


class FocusAreaFactory(NamedFactory):
    class Meta:
        model = community.FocusArea

    code = factory.Sequence(lambda n: f"focus_area_{n}")


class LocalHiringItemFactory(NamedFactory):
    class Meta:
        model = community.LocalHiringItem

    code = factory.Sequence(lambda n: f"hiring_item_{n}")
    unit_code = "times"
    decimals = 0


class ExchangeRateFactory(DjangoModelFactory[community.ExchangeRate]):
    class Meta:
        model = community.ExchangeRate

    currency = "USD"
    day = dt.date(2020, 3, 2)
    rmb_per_unit = "7"
    source = "Test bank, middle rate"


class TenderAttributeFactory(NamedFactory):
    class Meta:
        model = supply_chain.TenderAttribute
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"attribute_{n}")


class World:
    """Two sites, one year, and people: what most tests need. Attributes are plain rows of the database.

    ``hami`` answers magnesium, electricity (kWh), diesel (L, 0.84 t/m³), coal (t), waste oil sold and wrap;
    ``baishan`` the same. The year 2020 is open at both for the Environment section.
    """

    def __init__(self) -> None:
        self.group = GroupFactory()
        self.hami: Site = SiteFactory(code="HAMI", name_en="Hami", name_zh_hans="哈密", name_zh_hant="哈密", position=1)
        self.baishan: Site = SiteFactory(
            code="BAISHAN", name_en="Baishan", name_zh_hans="白山", name_zh_hant="白山", position=2
        )
        self.clerk = self.person("clerk-hami", Role.PREPARER, self.hami)
        self.other_clerk = self.person("clerk-baishan", Role.PREPARER, self.baishan)
        self.reviewer = self.person("reviewer", Role.REVIEWER)
        self.second_reviewer = self.person("second-reviewer", Role.REVIEWER)
        self.lead = self.person("lead-reviewer", Role.LEAD_REVIEWER)
        self.auditor = self.person("auditor", Role.AUDITOR)
        self.administrator = self.person("administrator", Role.ADMINISTRATOR)
        self.stranger: User = UserFactory(username="stranger")

        self.magnesium = ProductFactory(code="magnesium", name_en="Magnesium ingot", position=1)
        self.electricity = ResourceFactory(
            code="electricity", unit_code="kWh", decimals=0, density_decimals=1, gj_per_unit="0.0036", position=1
        )
        self.diesel = ResourceFactory(
            code="diesel", unit_code="L", decimals=0, density_decimals=3, tonnes_per_m3="0.84", position=2
        )
        self.coal = ResourceFactory(code="coal", decimals=0, density_decimals=1, position=3)
        self.waste_oil = WasteTypeFactory(code="waste_oil", is_hazardous=True, density_unit="kg")
        self.sold = TreatmentFactory(code="sold")
        self.wrap = PackagingMaterialFactory(code="wrap", density_unit="kg")
        for site in (self.hami, self.baishan):
            environment.SiteProduct.objects.create(site=site, product=self.magnesium)
            for item in (self.electricity, self.diesel, self.coal):
                environment.SiteResource.objects.create(site=site, resource_item=item)
            environment.SiteWaste.objects.create(site=site, waste_type=self.waste_oil, treatment=self.sold)
            environment.SitePackaging.objects.create(site=site, material=self.wrap)
            AssignmentFactory(site=site)
        self.year: ReportingYear = ReportingYearFactory(code="2020")
        services.open_year(self.year)

    @staticmethod
    def person(username: str, role: Role, site: Site | None = None) -> User:
        user: User = UserFactory(username=username)
        MembershipFactory(user=user, role=role, site=site)
        return user

    def submission(self, site: Site, month: int, year: str = "2020") -> Submission:
        return Submission.objects.get(site=site, period__code=f"{year}-{month:02}", section="environment")
