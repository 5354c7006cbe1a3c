from django.db import migrations

from apps.audit.triggers import Audited, Kept
from apps.product_responsibility.triggers import FUNCTIONS, NO_FUNCTIONS
from apps.submissions.triggers import RecordTable


class Migration(migrations.Migration):
    """Records are locked and audited, catalogues and certificates audited; what figures are cut by stays."""

    dependencies = [("product_responsibility", "0001_initial"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        RecordTable("product_responsibility_productsale"),
        RecordTable("product_responsibility_complaint"),
        RecordTable("product_responsibility_complaintclosing"),
        RecordTable("product_responsibility_recall"),
        RecordTable("product_responsibility_statementrecord"),
        RecordTable("product_responsibility_productpractice"),
        RecordTable("product_responsibility_certificateheld"),
        Audited("product_responsibility_soldproduct"),
        Audited("product_responsibility_sitesoldproduct"),
        Audited("product_responsibility_complaintcategory"),
        Audited("product_responsibility_customerregion"),
        Audited("product_responsibility_statementitem"),
        Audited("product_responsibility_certificatestandard"),
        Audited("product_responsibility_certificate"),
        Audited("product_responsibility_certificatefile"),
        Kept("product_responsibility_soldproduct", "code"),
        Kept(
            "product_responsibility_soldproduct",
            "unit_code",
            once_in=("product_responsibility_productsale", "product_id"),
        ),
        Kept("product_responsibility_complaintcategory", "code"),
        Kept(
            "product_responsibility_complaintcategory",
            "days_to_close",
            once_in=("product_responsibility_complaint", "category_id"),
        ),
        Kept("product_responsibility_customerregion", "code"),
        Kept("product_responsibility_statementitem", "code", "kind"),
        Kept(
            "product_responsibility_statementitem",
            "unit_code",
            "provision",
            once_in=("product_responsibility_statementrecord", "item_id"),
        ),
        Kept("product_responsibility_certificatestandard", "code"),
        Kept("product_responsibility_certificate", "site_id"),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
