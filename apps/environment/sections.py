"""What sites hand in on the environment: monthly figures, and once a year where they stand on targets."""

from django.utils.translation import gettext_lazy as _

from apps.environment import checks, forms
from apps.environment.models import (
    Measure,
    PackagingUse,
    ProductionOutput,
    ResourceUse,
    ScopeThreeEmission,
    SitePackaging,
    SiteProduct,
    SiteResource,
    SiteScopeThree,
    SiteTarget,
    SiteWaste,
    StackTest,
    TargetProgress,
    WasteRecord,
)
from apps.organisation.choices import Frequency
from apps.submissions.sections import Grid, Register, Section, sections

ENVIRONMENT = sections.register(
    Section(
        code="environment",
        title=_("Environment"),
        frequency=Frequency.MONTH,
        hkex=("A1", "A2", "A3"),
        tables=(
            Grid(
                code="production",
                model=ProductionOutput,
                site_row=SiteProduct,
                title=_("Production"),
                help=_("Finished products of the month; densities are divided by them."),
            ),
            Grid(
                code="resource",
                model=ResourceUse,
                site_row=SiteResource,
                title=_("Energy, water and materials"),
                help=_(
                    "What was used in the month, from meters, invoices and weighbridge tickets. Gas made from own coal "
                    "is not entered: it is in the coal already."
                ),
            ),
            Grid(
                code="waste",
                model=WasteRecord,
                site_row=SiteWaste,
                title=_("Waste"),
                help=_("What arose in the month, by type and treatment. Stock movements are optional."),
                extra_quantities=("opening_stock", "taken_away", "closing_stock"),
            ),
            Grid(
                code="packaging",
                model=PackagingUse,
                site_row=SitePackaging,
                title=_("Packaging of finished products"),
            ),
            Register(
                code="stack_test",
                model=StackTest,
                form=forms.StackTestForm,
                title=_("Stack tests"),
                help=_("One line for each pollutant of each test report."),
                answer_required=True,
                file_fields={
                    "quantity": "concentration_mg_m3",
                    "date": "tested_on",
                    "reference": "report_number",
                    "note": "note",
                },
                file_unit="mg/m3",
                annotate=lambda tests: tests.with_limit(),  # type: ignore[attr-defined]
                review_columns={"limit": _("limit (mg/m³)")},
            ),
            Register(
                code="measure",
                model=Measure,
                form=forms.MeasureForm,
                title=_("Measures taken"),
                help=_("What the site did to save energy and water or to reduce emissions and waste."),
            ),
        ),
        checks=(checks.energy_without_production, checks.stack_limits, checks.waste_balance),
    )
)

ENVIRONMENT_TARGETS = sections.register(
    Section(
        code="environment_targets",
        title=_("Environmental targets"),
        frequency=Frequency.YEAR,
        hkex=("A1.5", "A1.6", "A2.3", "A2.4"),
        tables=(
            Grid(
                code="target",
                model=TargetProgress,
                site_row=SiteTarget,
                title=_("Progress on targets"),
                help=_("Where the site stands at the end of the year; the note says what was done."),
            ),
        ),
    )
)

SCOPE_THREE = sections.register(
    Section(
        code="scope3",
        title=_("Scope 3 emissions"),
        frequency=Frequency.YEAR,
        hkex=("D-28-S3",),
        tables=(
            Grid(
                code="scope_three",
                model=ScopeThreeEmission,
                site_row=SiteScopeThree,
                title=_("Emissions of the value chain"),
                help=_(
                    "Tonnes of CO₂ equivalent of the year by category. The note names what was counted and the factors "
                    "it was multiplied by. Purchased ferrosilicon belongs to category 1."
                ),
            ),
        ),
        checks=(checks.scope_three_explained,),
    )
)
