from django.db import migrations

from apps.anti_corruption.triggers import FUNCTIONS, NO_FUNCTIONS
from apps.audit.triggers import AppendOnly, Audited, Kept
from apps.submissions.triggers import RecordTable


class Migration(migrations.Migration):
    """Records are locked and audited; what people declare is append-only and in no trail; the rest is audited."""

    dependencies = [("anti_corruption", "0001_initial"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        RecordTable("anti_corruption_signedyear"),
        RecordTable("anti_corruption_integritycount"),
        RecordTable("anti_corruption_channel"),
        RecordTable("anti_corruption_integritytraining"),
        Audited("anti_corruption_document"),
        Audited("anti_corruption_documentversion"),
        Audited("anti_corruption_question"),
        Audited("anti_corruption_post"),
        Audited("anti_corruption_postholder"),
        Audited("anti_corruption_integritysettings"),
        Audited("anti_corruption_campaign"),
        Audited("anti_corruption_duty"),
        AppendOnly("anti_corruption_reminder"),
        AppendOnly("anti_corruption_textread"),
        AppendOnly("anti_corruption_declaration"),
        AppendOnly("anti_corruption_refusal"),
        AppendOnly("anti_corruption_opening"),
        AppendOnly("anti_corruption_conflict"),
        AppendOnly("anti_corruption_concernedperson"),
        AppendOnly("anti_corruption_namedpartner"),
        AppendOnly("anti_corruption_decision"),
        AppendOnly("anti_corruption_gift"),
        AppendOnly("anti_corruption_gifthandling"),
        AppendOnly("anti_corruption_concludedcase"),
        Kept("anti_corruption_document", "code", "kind"),
        Kept(
            "anti_corruption_document",
            "name_en",
            "name_zh_hans",
            "name_zh_hant",
            once_in=("anti_corruption_documentversion", "document_id"),
        ),
        Kept("anti_corruption_post", "code"),
        Kept("anti_corruption_post", "rank", once_in=("anti_corruption_duty", "post_id")),
        Kept("anti_corruption_postholder", "user_id", "post_id", "site_id", "valid_from"),
        # Whose signature it is, is told by this number.
        Kept("accounts_user", "id"),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
