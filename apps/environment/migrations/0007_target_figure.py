from django.db import migrations, models


class Migration(migrations.Migration):
    """A target may name the figure that says where it stands."""

    dependencies = [("environment", "0006_scope_three_and_grades")]

    operations = [
        migrations.AddField(
            model_name="target",
            name="figure",
            field=models.CharField(
                blank=True,
                help_text="Code of the figure that says where the target stands.",
                max_length=80,
                verbose_name="figure",
            ),
        ),
    ]
