from django.db import migrations

from apps.api import triggers
from apps.audit.triggers import Audited


class Migration(migrations.Migration):
    """Tokens are only ever revoked. The trail has them without their digests, and not each time they are used."""

    dependencies = [
        ("api", "0001_initial"),
        ("submissions", "0002_triggers"),
    ]

    operations = [
        Audited("api_apitoken", hidden=("sha256", "last_used_at")),
        Audited("api_apitokensite"),
        migrations.RunSQL(triggers.TOKENS, triggers.NO_TOKENS),
    ]
