from django.db import migrations

from apps.audit.triggers import Kept


class Migration(migrations.Migration):
    """What seals, files and figures name or are cut by stays: codes, the days of years and periods."""

    dependencies = [("submissions", "0002_triggers"), ("organisation", "0001_initial")]

    operations = [
        Kept("organisation_site", "code"),
        Kept("organisation_reportingyear", "code"),
        Kept("organisation_reportingyear", "starts_on", "ends_on", once_in=("organisation_period", "year_id")),
        # Made by opening a year; only the day by which it is handed in can be moved.
        Kept("organisation_period", "code", "year_id", "frequency", "starts_on", "ends_on"),
    ]
