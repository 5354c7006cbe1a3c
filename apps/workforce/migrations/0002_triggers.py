from django.db import migrations

from apps.audit.triggers import Audited, Kept
from apps.submissions.triggers import RecordTable
from apps.workforce.triggers import FUNCTIONS, NO_FUNCTIONS, WholeNumbers


class Migration(migrations.Migration):
    """Records are locked and audited, catalogues audited; what figures are cut by stays as it was made."""

    dependencies = [("workforce", "0001_initial"), ("submissions", "0003_catalogue_keeps")]

    operations = [
        RecordTable("workforce_workforcecount"),
        RecordTable("workforce_rosterupload"),
        RecordTable("workforce_labourrecord"),
        RecordTable("workforce_standardrecord"),
        RecordTable("workforce_remedy"),
        RecordTable("workforce_injury"),
        RecordTable("workforce_injuryfollowup"),
        RecordTable("workforce_diseasecase"),
        RecordTable("workforce_safetymeasure"),
        RecordTable("workforce_trainingcourse"),
        Audited("workforce_dimension"),
        Audited("workforce_workforcegroup"),
        Audited("workforce_workforcemeasure"),
        Audited("workforce_labouritem"),
        Audited("workforce_sitelabouritem"),
        Audited("workforce_standarditem"),
        Audited("workforce_accidenttype"),
        Audited("workforce_diseasecategory"),
        Audited("workforce_trainingtopic"),
        Audited("workforce_yearconvention"),
        Kept("workforce_dimension", "code"),
        Kept("workforce_dimension", "gives_total"),
        Kept("workforce_workforcegroup", "code", "dimension_id"),
        Kept(
            "workforce_workforcegroup",
            "counts_in_total",
            "is_local",
            "age_from",
            "age_to",
            once_in=("workforce_workforcecount", "group_id"),
        ),
        Kept("workforce_workforcemeasure", "code", "kind"),
        Kept("workforce_workforcemeasure", "unit_code", once_in=("workforce_workforcecount", "measure_id")),
        Kept("workforce_labouritem", "code", "kind"),
        Kept("workforce_labouritem", "unit_code", once_in=("workforce_labourrecord", "item_id")),
        Kept("workforce_standarditem", "code", "kind"),
        Kept("workforce_standarditem", "unit_code", once_in=("workforce_standardrecord", "item_id")),
        Kept("workforce_accidenttype", "code"),
        Kept("workforce_diseasecategory", "code"),
        Kept("workforce_trainingtopic", "code"),
        Kept("workforce_yearconvention", "year_id"),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        WholeNumbers("workforce_workforcecount", "workforce_workforcemeasure", "measure_id"),
        WholeNumbers("workforce_labourrecord", "workforce_labouritem", "item_id"),
        WholeNumbers("workforce_standardrecord", "workforce_standarditem", "item_id"),
    ]
