from django.db import migrations

from apps.audit.triggers import AppendOnly, Audited, Kept
from apps.greenhouse_gases import triggers


class Migration(migrations.Migration):
    """Factors and pins are never changed; what a published year is reckoned with stays."""

    dependencies = [("greenhouse_gases", "0001_initial"), ("submissions", "0005_unlock_triggers")]

    operations = [
        AppendOnly("greenhouse_gases_factor"),
        AppendOnly("greenhouse_gases_factorpin"),
        Audited("greenhouse_gases_yearbasis"),
        Kept("greenhouse_gases_yearbasis", "year_id"),
        Audited("greenhouse_gases_contractualinstrument"),
        Kept("greenhouse_gases_contractualinstrument", "year_id"),
        migrations.RunSQL(triggers.FUNCTIONS, triggers.NO_FUNCTIONS),
    ]
