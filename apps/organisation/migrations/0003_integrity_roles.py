from django.conf import settings
from django.db import migrations, models

# Whoever keeps roles does not open to themselves what people declare.
INTEGRITY = """
CREATE FUNCTION organisation_membership_integrity() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF nullif(current_setting('esgportal.actor', true), '')::bigint = NEW.user_id THEN
        RAISE EXCEPTION 'nobody gives themselves a role that reads declarations'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER integrity_by_another BEFORE INSERT OR UPDATE ON organisation_membership FOR EACH ROW
    WHEN (NEW.role IN ('integrity_officer', 'integrity_auditor'))
    EXECUTE FUNCTION organisation_membership_integrity();
"""
NO_INTEGRITY = """
DROP TRIGGER integrity_by_another ON organisation_membership;
DROP FUNCTION organisation_membership_integrity();
"""


class Migration(migrations.Migration):
    """Two roles for what people declare of themselves."""

    dependencies = [
        ("organisation", "0002_small_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("preparer", "Preparer"),
                    ("reviewer", "Reviewer"),
                    ("lead_reviewer", "Lead reviewer"),
                    ("auditor", "Auditor"),
                    ("administrator", "Administrator"),
                    ("integrity_officer", "Integrity officer"),
                    ("integrity_auditor", "Auditor of declarations"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role__in", ("integrity_officer", "integrity_auditor")), _negated=True),
                    ("section", ""),
                    _connector="OR",
                ),
                name="membership_integrity_of_all_sections",
                violation_error_message="This role belongs to no form: leave the section empty.",
            ),
        ),
        migrations.RunSQL(INTEGRITY, NO_INTEGRITY),
    ]
