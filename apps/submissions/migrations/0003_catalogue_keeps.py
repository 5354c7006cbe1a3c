from django.db import migrations

from apps.submissions.triggers import CATALOGUE_FUNCTION, CatalogueTable


class Migration(migrations.Migration):
    """Codes of sites, years and periods stay as they were made."""

    dependencies = [("submissions", "0002_triggers"), ("organisation", "0001_initial")]

    operations = [
        migrations.RunSQL(CATALOGUE_FUNCTION, "DROP FUNCTION submissions_catalogue_keeps()"),
        CatalogueTable("organisation_site"),
        CatalogueTable("organisation_reportingyear"),
        CatalogueTable("organisation_period"),
    ]
