from django.db import migrations

from apps.audit.triggers import Audited, Kept
from apps.submissions.triggers import RecordTable
from apps.supply_chain.tender_triggers import (
    NO_PARTS,
    NO_SCORING,
    NO_TENDER,
    PARTS,
    SCORING,
    TENDER,
    PartOfTender,
)

PREPARING = ("preparing", "preparing", "preparing")
OPENED = ("opened", "opened", "opened")


class Migration(migrations.Migration):
    """Tenders go one way, their parts with them; everything is audited."""

    dependencies = [("supply_chain", "0003_tenders"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        RecordTable("supply_chain_tenderyear"),
        Audited("supply_chain_tenderattribute"),
        Audited("supply_chain_tender"),
        Audited("supply_chain_tenderweight"),
        Audited("supply_chain_knockout"),
        Audited("supply_chain_tenderscorer"),
        Audited("supply_chain_bid"),
        Audited("supply_chain_bidfile"),
        Audited("supply_chain_knockoutresult"),
        Audited("supply_chain_statedinterest"),
        Audited("supply_chain_score"),
        Kept("supply_chain_tenderattribute", "code"),
        migrations.RunSQL(TENDER, NO_TENDER),
        migrations.RunSQL(PARTS, NO_PARTS),
        migrations.RunSQL(SCORING, NO_SCORING),
        PartOfTender("supply_chain_tenderweight", states=PREPARING),
        PartOfTender("supply_chain_knockout", states=PREPARING),
        PartOfTender(
            "supply_chain_tenderscorer", states=("preparing", "scoring", "preparing"), function="supply_chain_scorer"
        ),
        PartOfTender("supply_chain_bid", states=("inviting", "inviting opened", ""), function="supply_chain_bid"),
        PartOfTender("supply_chain_bidfile", by="bid_id", through="supply_chain_bid", states=OPENED),
        PartOfTender(
            "supply_chain_knockoutresult",
            by="bid_id",
            through="supply_chain_bid",
            states=OPENED,
            function="supply_chain_result",
        ),
    ]
