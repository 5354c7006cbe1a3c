from django.db import migrations

from apps.audit.triggers import Audited, Kept
from apps.submissions.triggers import RecordTable
from apps.supply_chain.triggers import ASSESSMENTS, NO_ASSESSMENTS


class Migration(migrations.Migration):
    """Suppliers and assessments are audited; what was confirmed stays."""

    dependencies = [("supply_chain", "0001_initial"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        RecordTable("supply_chain_supplieryear"),
        RecordTable("supply_chain_supplypractice"),
        Audited("supply_chain_supplierregion"),
        Audited("supply_chain_supplycategory"),
        Audited("supply_chain_supplier"),
        Audited("supply_chain_supplier_supplies"),
        Audited("supply_chain_supplier_sites"),
        Audited("supply_chain_assessment"),
        Audited("supply_chain_assessmentfile"),
        Audited("supply_chain_correctiveaction"),
        Kept("supply_chain_supplierregion", "code"),
        Kept("supply_chain_supplycategory", "code"),
        Kept("supply_chain_supplier", "code"),
        migrations.RunSQL(ASSESSMENTS, NO_ASSESSMENTS),
    ]
