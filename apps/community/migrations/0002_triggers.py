from django.db import migrations

from apps.audit.triggers import Audited, Kept
from apps.community.triggers import FUNCTIONS, NO_FUNCTIONS
from apps.submissions.triggers import RecordTable


class Migration(migrations.Migration):
    """Records are locked and audited, catalogues and rates audited; what figures are cut by or rest on stays."""

    dependencies = [("community", "0001_initial"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        RecordTable("community_contribution"),
        RecordTable("community_localhiringrecord"),
        RecordTable("community_hiringarrangement"),
        Audited("community_focusarea"),
        Audited("community_exchangerate"),
        Audited("community_localhiringitem"),
        Kept("community_focusarea", "code"),
        Kept("community_localhiringitem", "code", "kind"),
        Kept("community_localhiringitem", "unit_code", once_in=("community_localhiringrecord", "item_id")),
        Kept(
            "community_exchangerate",
            "currency",
            "day",
            "rmb_per_unit",
            "source",
            once_in=("community_contribution", "rate_id"),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
