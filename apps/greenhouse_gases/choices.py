"""What a factor says, where it holds, how sure it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Parameter(models.TextChoices):
    """What the number of a factor is."""

    NCV = "ncv", _("net calorific value")
    CARBON = "cc", _("carbon content per heat")
    OXIDATION = "of", _("carbon oxidation rate")
    DENSITY = "density", _("density")
    PROCESS = "emission", _("process emission factor")
    PURITY = "purity", _("average purity")
    GRID = "grid", _("grid emission factor")
    HEAT = "heat", _("emission factor of heat")
    GWP = "gwp", _("global warming potential over 100 years")
    STANDARD_COAL = "tce", _("standard coal coefficient")


# The units in which the number of a parameter may be given. The lines of a calculation convert from exactly these.
UNITS_OF = {
    Parameter.NCV: ("GJ/t", "GJ/10^4 Nm3"),
    Parameter.CARBON: ("tC/TJ",),
    Parameter.OXIDATION: ("ratio",),
    Parameter.DENSITY: ("kg/L",),
    Parameter.PROCESS: ("tCO2/t",),
    Parameter.PURITY: ("ratio",),
    Parameter.GRID: ("tCO2/MWh",),
    Parameter.HEAT: ("tCO2/GJ",),
    Parameter.GWP: ("kgCO2e/kg",),
    Parameter.STANDARD_COAL: ("tce/t", "kgce/kWh", "kgce/Nm3", "kgce/GJ"),
}

# A share of a whole, which is never more than 1.
SHARES = (Parameter.OXIDATION, Parameter.PURITY)


class GridSeries(models.TextChoices):
    """Which grid factors belong together. They differ in what they average and are never mixed within a year."""

    ETS_NATIONAL = "ets_national", _("national, of the emission trading guidelines")
    AVERAGE_NATIONAL = "average_national", _("national average")
    AVERAGE_REGION = "average_region", _("average of the grid region")
    AVERAGE_PROVINCE = "average_province", _("average of the province")
    RESIDUAL_NATIONAL = "residual_national", _("national, without traded non-fossil power")
    FOSSIL_NATIONAL = "fossil_national", _("national, fossil power only")


# The series a year may be reckoned with. The others are kept beside them and are no location-based factors.
LOCATION_BASED = (
    GridSeries.ETS_NATIONAL,
    GridSeries.AVERAGE_NATIONAL,
    GridSeries.AVERAGE_REGION,
    GridSeries.AVERAGE_PROVINCE,
)


class GwpSet(models.TextChoices):
    """The assessment report of the IPCC that a global warming potential is taken from."""

    SAR = "SAR", "SAR"
    AR4 = "AR4", "AR4"
    AR5 = "AR5", "AR5"
    AR6 = "AR6", "AR6"


class Confidence(models.TextChoices):
    """How sure a factor is."""

    VERIFIED = "verified", _("found in a source")
    DERIVED = "derived", _("worked out from a source")
    GENERAL_KNOWLEDGE = "general_knowledge", _("general knowledge")


class InstrumentKind(models.TextChoices):
    """How electricity was bought apart from the grid's mix."""

    PURCHASE_AGREEMENT = "ppa", _("power purchase agreement")
    GREEN_CERTIFICATE = "certificate", _("green electricity certificate")
    OTHER = "other", _("other contract")
