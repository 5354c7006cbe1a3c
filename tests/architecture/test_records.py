"""What every record kind, catalogue and app must bring along. A new one that lacks a part fails here."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connection, models

from apps.core.names import CatalogueRow
from apps.organisation.models import SiteRow
from apps.submissions.catalogue import QuantityItem
from apps.submissions.models import QuantityRecord, Record
from apps.submissions.sections import sections
from tests import factories

BASE: Path = settings.BASE_DIR
OWN_APPS = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
OWN_MODELS = [model for config in OWN_APPS for model in config.get_models()]
RECORDS = [model for model in OWN_MODELS if issubclass(model, Record)]
CATALOGUES = [model for model in OWN_MODELS if issubclass(model, QuantityItem | SiteRow)]

# Tables whose rows are their own trail, or carry nothing worth one. Each with its reason.
NOT_AUDITED = {
    "audit.Change": "is the trail",
    "submissions.SubmissionEvent": "append-only, refused by trigger",
    "submissions.Seal": "append-only, refused by trigger",
    "greenhouse_gases.Factor": "append-only, with who added it, when and why",
    "greenhouse_gases.FactorPin": "append-only, written with an edition",
    # Published once, with a digest of their own; ``check_figures`` and ``verify_audit`` recompute it.
    "reporting.Edition": "append-only, with its digest",
    "reporting.EditionFile": "append-only, with its digest",
    "reporting.EditionPart": "append-only, cut from an edition by the database, checked by verify_audit",
    "reporting.RestatedFigure": "append-only, listed once",
    "reporting.StatementEvent": "append-only, and itself a trail",
    # What people declare of themselves: append-only, so its rows are their own trail, and more people read the trail.
    "anti_corruption.TextRead": "append-only, of single people",
    "anti_corruption.Declaration": "append-only and confidential",
    "anti_corruption.Refusal": "append-only and confidential",
    "anti_corruption.Opening": "append-only, and itself a trail",
    "anti_corruption.Conflict": "append-only and confidential",
    "anti_corruption.ConcernedPerson": "append-only and confidential",
    "anti_corruption.NamedPartner": "append-only and confidential",
    "anti_corruption.Decision": "append-only and confidential",
    "anti_corruption.Gift": "append-only and confidential",
    "anti_corruption.GiftHandling": "append-only and confidential",
    "anti_corruption.ConcludedCase": "append-only and confidential",
    # A sign of life every few seconds would flood the trail; what a job writes is logged under its person.
    "jobs.Job": "its state is its whole story",
    "anti_corruption.Reminder": "append-only, of single people",
    "reporting.ReportTemplate": "append-only, holds whole files",
    # Written by the database alone when a form is approved or reopened.
    "environment.ProductionSum": "follows from approved records, checked by verify_sums",
    "environment.ResourceSum": "follows from approved records, checked by verify_sums",
    "environment.WasteSum": "follows from approved records, checked by verify_sums",
    "environment.PackagingSum": "follows from approved records, checked by verify_sums",
    "workforce.LabourSum": "follows from approved records, checked by verify_sums",
    "product_responsibility.SaleSum": "follows from approved records, checked by verify_sums",
}


def triggers() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        found: dict[str, set[str]] = {}
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_record_is_locked_and_audited(model: type[models.Model]) -> None:
    assert triggers()[model._meta.db_table] >= {
        "lock_insert", "lock_update", "lock_delete", "audit_insert", "audit_update", "audit_delete", "no_truncate",
    }  # fmt: skip


@pytest.mark.django_db
def test_every_table_of_ours_is_audited_or_says_why_not() -> None:
    attached = triggers()
    without = {
        model._meta.label
        for model in OWN_MODELS
        if model._meta.managed
        and not model._meta.proxy
        and "audit_update" not in attached.get(model._meta.db_table, ())
    }
    assert without == set(NOT_AUDITED)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_record_stands_in_a_section(model: type[models.Model]) -> None:
    assert model in {table.model for section in sections for table in section.tables}


@pytest.mark.parametrize(
    "model",
    [model for model in CATALOGUES if issubclass(model, QuantityItem)],
    ids=lambda model: model.__name__,
)
def test_a_catalogue_is_kept_in_the_admin(model: type[models.Model]) -> None:
    assert admin.site.is_registered(model)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [model for model in OWN_MODELS if issubclass(model, CatalogueRow)], ids=lambda model: model.__name__
)
def test_a_catalogue_keeps_its_codes_and_used_units(model: type[models.Model]) -> None:
    wanted = {"kept_code", "kept_unit_code"} if issubclass(model, QuantityItem) else {"kept_code"}
    assert triggers()[model._meta.db_table] >= wanted


@pytest.mark.parametrize(
    "model",
    [model for model in CATALOGUES if issubclass(model, QuantityItem)],
    ids=lambda model: model.__name__,
)
def test_a_catalogue_has_a_factory(model: type[models.Model]) -> None:
    made = {getattr(made._meta, "model", None) for made in vars(factories).values() if hasattr(made, "_meta")}
    assert model in made


def test_codes_of_tables_are_unique_within_files() -> None:
    """Files name a record kind by its table code alone, so no two sections may share one."""
    codes = [table.code for section in sections for table in section.tables]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_row_exists_once(model: type[models.Model]) -> None:
    assert any(
        isinstance(constraint, models.UniqueConstraint) and "submission" in constraint.fields
        for constraint in model._meta.constraints
    )


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_constraint_of_a_record_speaks_to_the_user(model: type[models.Model]) -> None:
    default = models.UniqueConstraint.default_violation_error_message
    for constraint in model._meta.constraints:
        assert str(constraint.violation_error_message) != str(default), constraint.name


def test_a_quantity_record_keeps_its_constraints() -> None:
    for model in RECORDS:
        if issubclass(model, QuantityRecord):
            names = {constraint.name for constraint in model._meta.constraints}
            assert {f"{model._meta.model_name}_{rule}" for rule in ("value_or_reason", "not_negative")} <= names


def python_files(*folders: str) -> list[Path]:
    return [
        path for folder in folders for path in sorted((BASE / folder).rglob("*.py")) if "migrations" not in path.parts
    ]


def test_every_module_says_what_it_is() -> None:
    silent = [
        path.relative_to(BASE).as_posix()
        for path in python_files("apps", "esgportal", "tests")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_nothing_but_indicators_sums_records() -> None:
    """What a number means stands in kpis.py; nowhere else are records added up."""
    summing = []
    for path in python_files("apps"):
        relative = path.relative_to(BASE).as_posix()
        if path.name == "kpis.py" or relative.startswith("apps/indicators/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("django.db.models"):
                summing += [f"{relative}: {name.name}" for name in node.names if name.name in ("Sum", "Avg")]
            if isinstance(node, ast.Attribute) and node.attr == "aggregate":
                summing.append(f"{relative}: aggregate")
    assert summing == []


def test_no_floats_in_the_code() -> None:
    """Decimals only: a float literal or float() has no place among quantities."""
    found = []
    for path in python_files("apps"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            if is_literal or is_call:
                found.append(f"{path.relative_to(BASE)}:{node.lineno}")
    assert found == []


def test_two_migrations_never_share_a_number() -> None:
    for config in OWN_APPS:
        numbers = [path.name[:4] for path in (Path(config.path) / "migrations").glob("[0-9]*.py")]
        assert len(numbers) == len(set(numbers)), config.label


def test_files_stay_small() -> None:
    long = {
        path.relative_to(BASE).as_posix(): lines
        for path in python_files("apps", "esgportal")
        if (lines := len(path.read_text().splitlines())) > 500
    }
    assert long == {}
