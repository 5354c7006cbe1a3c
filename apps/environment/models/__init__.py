"""HKEX aspects A1-A3: catalogues and records of the Environment section."""

from apps.environment.models.air import EmissionLimit, Pollutant, Stack, StackTest
from apps.environment.models.measures import Measure, SiteTarget, Target, TargetProgress
from apps.environment.models.packaging import PackagingMaterial, PackagingUse, SitePackaging
from apps.environment.models.production import Product, ProductionOutput, SiteProduct
from apps.environment.models.resources import Resource, ResourceUse, SiteResource
from apps.environment.models.scope_three import ScopeThreeCategory, ScopeThreeEmission, SiteScopeThree
from apps.environment.models.sums import PackagingSum, ProductionSum, ResourceSum, WasteSum
from apps.environment.models.waste import SiteWaste, Treatment, WasteRecord, WasteType

__all__ = [
    "EmissionLimit",
    "Measure",
    "PackagingMaterial",
    "PackagingSum",
    "PackagingUse",
    "Pollutant",
    "Product",
    "ProductionOutput",
    "ProductionSum",
    "Resource",
    "ResourceSum",
    "ResourceUse",
    "ScopeThreeCategory",
    "ScopeThreeEmission",
    "SitePackaging",
    "SiteProduct",
    "SiteResource",
    "SiteScopeThree",
    "SiteTarget",
    "SiteWaste",
    "Stack",
    "StackTest",
    "Target",
    "TargetProgress",
    "Treatment",
    "WasteRecord",
    "WasteSum",
    "WasteType",
]
