from django.db import migrations

from apps.audit.triggers import Audited
from apps.submissions.triggers import RecordTable


class Migration(migrations.Migration):
    """Records are locked with their submission; records and catalogues are audited."""

    dependencies = [("environment", "0001_initial"), ("submissions", "0002_triggers")]

    operations = [
        RecordTable("environment_productionoutput"),
        RecordTable("environment_resourceuse"),
        RecordTable("environment_wasterecord"),
        RecordTable("environment_packaginguse"),
        RecordTable("environment_stacktest"),
        RecordTable("environment_measure"),
        RecordTable("environment_targetprogress"),
        Audited("environment_product"),
        Audited("environment_siteproduct"),
        Audited("environment_resource"),
        Audited("environment_siteresource"),
        Audited("environment_wastetype"),
        Audited("environment_treatment"),
        Audited("environment_sitewaste"),
        Audited("environment_packagingmaterial"),
        Audited("environment_sitepackaging"),
        Audited("environment_pollutant"),
        Audited("environment_stack"),
        Audited("environment_emissionlimit"),
        Audited("environment_target"),
        Audited("environment_sitetarget"),
    ]
