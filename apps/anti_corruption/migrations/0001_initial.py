import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisation", "0003_integrity_roles"),
        ("submissions", "0003_catalogue_keeps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("own_interests", "Own interests in business partners or competitors"),
                            ("family_in_group", "Family members in the group"),
                            ("family_at_partners", "Family members at business partners or competitors"),
                            ("gifts", "Gifts, cash and vouchers"),
                            ("hospitality", "Meals, travel and entertainment"),
                            ("loans", "Loans with business partners"),
                            ("outside_work", "Work and investments outside the group"),
                            ("wrongdoing", "Knowledge of bribery, fraud or money laundering"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflict of interest",
                "verbose_name_plural": "conflicts of interest",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ConcludedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=80, verbose_name="case number")),
                (
                    "subject",
                    models.CharField(
                        choices=[("company", "The company"), ("employee", "An employee or director")],
                        max_length=8,
                        verbose_name="against",
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        help_text="Without names of people.", max_length=500, verbose_name="what it was about"
                    ),
                ),
                ("authority", models.CharField(max_length=120, verbose_name="court or authority")),
                ("concluded_on", models.DateField(verbose_name="concluded on")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("convicted", "Convicted or fined"),
                            ("acquitted", "Acquitted"),
                            ("settled", "Settled"),
                            ("dismissed", "Dismissed or withdrawn"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("outcome_words", models.CharField(blank=True, max_length=500, verbose_name="outcome in words")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("entered_on", models.DateField(verbose_name="entered on")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="anti_corruption.concludedcase",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "concluded case",
                "verbose_name_plural": "concluded cases",
                "ordering": ("-concluded_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ConcernedPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person concerned",
                    ),
                ),
                (
                    "conflict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerned",
                        to="anti_corruption.conflict",
                        verbose_name="conflict of interest",
                    ),
                ),
            ],
            options={
                "verbose_name": "person concerned",
                "verbose_name_plural": "persons concerned",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ruling",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted: nothing to do"),
                            ("managed", "Accepted with a measure"),
                            ("refused", "Refused: it has to end"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="What is done about it, or why nothing needs to be.",
                        max_length=1000,
                        verbose_name="measure or reason",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided")),
                (
                    "conflict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="anti_corruption.conflict",
                        verbose_name="conflict of interest",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a conflict",
                "verbose_name_plural": "decisions on conflicts",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_at", models.DateTimeField(verbose_name="signed")),
                ("signed_name", models.CharField(max_length=150, verbose_name="name as typed")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("zh-hans", "Simplified Chinese"),
                            ("zh-hant", "Traditional Chinese"),
                            ("en", "English"),
                        ],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True, verbose_name="network address")),
                ("statement_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the statement")),
                ("conduct_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the code")),
                ("answers", models.JSONField(verbose_name="answers")),
                ("replaced_because", models.CharField(blank=True, max_length=500, verbose_name="why it is replaced")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="anti_corruption.declaration",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "declaration",
                "verbose_name_plural": "declarations",
                "ordering": ("-signed_at", "-pk"),
            },
        ),
        migrations.AddField(
            model_name="conflict",
            name="declaration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conflicts",
                to="anti_corruption.declaration",
                verbose_name="declaration",
            ),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                ("name_zh_hans", models.CharField(max_length=120, verbose_name="name (Simplified Chinese)")),
                ("name_zh_hant", models.CharField(max_length=120, verbose_name="name (Traditional Chinese)")),
                (
                    "code",
                    models.SlugField(
                        help_text="Stable; used in files and in figure codes. Never reused for something else.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[("code", "Code of conduct"), ("statement", "Assurance statement")],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "integrity document",
                "verbose_name_plural": "integrity documents",
                "ordering": ("position", "code"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["code", "statement"])),
                        name="document_known_kind",
                        violation_error_message="Choose a kind.",
                    ),
                    models.UniqueConstraint(
                        fields=("kind",),
                        name="document_one_of_a_kind",
                        violation_error_message=("There is a document of this kind. Prepare another version of it."),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        help_text="As people call it: 2020, or 2.1.", max_length=20, verbose_name="version"
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="in force from")),
                ("text_en", models.TextField(blank=True, verbose_name="text (English)")),
                ("text_zh_hans", models.TextField(blank=True, verbose_name="text (Simplified Chinese)")),
                ("text_zh_hant", models.TextField(blank=True, verbose_name="text (Traditional Chinese)")),
                ("prepared_at", models.DateTimeField(auto_now_add=True, verbose_name="prepared")),
                ("issued_at", models.DateTimeField(null=True, verbose_name="issued")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="anti_corruption.document",
                        verbose_name="integrity document",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a document",
                "verbose_name_plural": "versions of documents",
                "ordering": ("document", "-effective_on", "-pk"),
            },
        ),
        migrations.AddField(
            model_name="declaration",
            name="conduct",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="anti_corruption.documentversion",
                verbose_name="code read",
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="anti_corruption.documentversion",
                verbose_name="statement signed",
            ),
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("yearly", "Yearly round"),
                            ("new_holder", "New holders of positions"),
                            ("new_version", "New version"),
                        ],
                        max_length=11,
                        verbose_name="occasion",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every site of the group.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "conduct",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="anti_corruption.documentversion",
                        verbose_name="code to read",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="anti_corruption.documentversion",
                        verbose_name="statement to sign",
                    ),
                ),
            ],
            options={
                "verbose_name": "round of signing",
                "verbose_name_plural": "rounds of signing",
                "ordering": ("-opened_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("director", "Directors"),
                            ("senior", "Senior management"),
                            ("middle", "Middle management"),
                            ("key_post", "Other important positions"),
                        ],
                        max_length=8,
                        verbose_name="rank",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("signed", "Signed"),
                            ("declined", "Declined"),
                            ("excused", "Excused"),
                            ("replaced", "Replaced by another round"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("signed_on", models.DateField(null=True, verbose_name="signed on")),
                ("excused_because", models.CharField(blank=True, max_length=300, verbose_name="why excused")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="anti_corruption.campaign",
                        verbose_name="round of signing",
                    ),
                ),
                (
                    "excused_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="excused by",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty to sign",
                "verbose_name_plural": "duties to sign",
                "ordering": ("campaign", "site", "rank", "user"),
            },
        ),
        migrations.AddField(
            model_name="declaration",
            name="duty",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="declarations",
                to="anti_corruption.duty",
                verbose_name="duty to sign",
            ),
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_on", models.DateField(verbose_name="received on")),
                ("giver", models.CharField(max_length=200, verbose_name="giver and company")),
                ("occasion", models.CharField(max_length=200, verbose_name="occasion")),
                ("item", models.CharField(max_length=200, verbose_name="what was given")),
                ("is_cash", models.BooleanField(default=False, verbose_name="cash or vouchers")),
                (
                    "value_cny",
                    models.DecimalField(
                        decimal_places=2, help_text="An estimate will do.", max_digits=12, verbose_name="value in RMB"
                    ),
                ),
                ("witness", models.CharField(blank=True, max_length=100, verbose_name="witness")),
                (
                    "late_because",
                    models.CharField(blank=True, max_length=300, verbose_name="why it is registered late"),
                ),
                (
                    "threshold_cny",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="handed in from (RMB)"),
                ),
                ("days_allowed", models.PositiveSmallIntegerField(verbose_name="days to register")),
                ("registered_at", models.DateTimeField(verbose_name="registered")),
                ("registered_on", models.DateField(verbose_name="registered on")),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="receiver",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="anti_corruption.gift",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "gift",
                "verbose_name_plural": "gifts",
                "ordering": ("-received_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="GiftHandling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handling",
                    models.CharField(
                        choices=[
                            ("handed_in", "Handed in"),
                            ("returned", "Returned to the giver"),
                            ("kept", "Kept by the receiver"),
                        ],
                        max_length=9,
                        verbose_name="what became of it",
                    ),
                ),
                ("handled_on", models.DateField(verbose_name="on")),
                ("receipt", models.CharField(blank=True, max_length=60, verbose_name="receipt number")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("confirmed_at", models.DateTimeField(verbose_name="confirmed")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "gift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handlings",
                        to="anti_corruption.gift",
                        verbose_name="gift",
                    ),
                ),
            ],
            options={
                "verbose_name": "handling of a gift",
                "verbose_name_plural": "handlings of gifts",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="IntegrityCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("cases_convicted", "Concluded cases: convicted or fined"),
                            ("cases_acquitted", "Concluded cases: acquitted"),
                            ("cases_settled", "Concluded cases: settled"),
                            ("cases_dismissed", "Concluded cases: dismissed or withdrawn"),
                            ("conflicts_declared", "Conflicts of interest declared"),
                            ("conflicts_decided", "Conflicts of interest decided"),
                            ("gifts_registered", "Gifts registered"),
                            ("gifts_handed_in", "Gifts handed in"),
                            ("gifts_returned", "Gifts returned to the giver"),
                        ],
                        max_length=18,
                        verbose_name="what is counted",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="number")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of integrity",
                "verbose_name_plural": "counts of integrity",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="IntegritySettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days_to_sign",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="For new holders and new versions, from the day they are asked.",
                        verbose_name="days to sign",
                    ),
                ),
                (
                    "days_to_remind",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="So many days before the due date the portal reminds by itself.",
                        verbose_name="days to remind",
                    ),
                ),
                (
                    "gift_threshold_cny",
                    models.DecimalField(
                        decimal_places=2,
                        default=50,
                        help_text="Gifts worth this or more are handed in or returned, cash always.",
                        max_digits=10,
                        verbose_name="gifts are handed in from (RMB)",
                    ),
                ),
                (
                    "gift_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Calendar days from the day it was received.",
                        verbose_name="days to register a gift",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of integrity",
                "verbose_name_plural": "settings of integrity",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="integritysettings_single_row",
                        violation_error_message="There is one row of settings; change it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_to_sign__gte", 1), ("gift_days__gte", 1), ("gift_threshold_cny__gte", 0)
                        ),
                        name="integritysettings_in_bounds",
                        violation_error_message="Give at least one day, and no amount below zero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntegrityTraining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("held_on", models.DateField(verbose_name="held on")),
                ("topic", models.CharField(max_length=200, verbose_name="topic")),
                (
                    "audience",
                    models.CharField(
                        choices=[("directors", "Directors"), ("management", "Management"), ("staff", "Staff")],
                        max_length=10,
                        verbose_name="audience",
                    ),
                ),
                ("participants", models.PositiveIntegerField(verbose_name="participants")),
                ("hours_each", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="hours a person")),
                ("trainer", models.CharField(blank=True, max_length=100, verbose_name="trainer")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "anti-corruption training",
                "verbose_name_plural": "anti-corruption trainings",
                "ordering": ("held_on", "audience", "pk"),
            },
        ),
        migrations.CreateModel(
            name="NamedPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="number of the business partner")),
                ("name", models.CharField(max_length=120, verbose_name="name of the business partner")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "conflict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="anti_corruption.conflict",
                        verbose_name="conflict of interest",
                    ),
                ),
            ],
            options={
                "verbose_name": "business partner named",
                "verbose_name_plural": "business partners named",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                ("name_zh_hans", models.CharField(max_length=120, verbose_name="name (Simplified Chinese)")),
                ("name_zh_hant", models.CharField(max_length=120, verbose_name="name (Traditional Chinese)")),
                (
                    "code",
                    models.SlugField(
                        help_text="Stable; used in files and in figure codes. Never reused for something else.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("director", "Directors"),
                            ("senior", "Senior management"),
                            ("middle", "Middle management"),
                            ("key_post", "Other important positions"),
                        ],
                        max_length=8,
                        verbose_name="rank",
                    ),
                ),
            ],
            options={
                "verbose_name": "important position",
                "verbose_name_plural": "important positions",
                "ordering": ("position", "code"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rank__in", ["director", "senior", "middle", "key_post"])),
                        name="post_known_rank",
                        violation_error_message="Choose a rank.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="duty",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="anti_corruption.post",
                verbose_name="important position",
            ),
        ),
        migrations.CreateModel(
            name="PostHolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="anti_corruption.post",
                        verbose_name="important position",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "holder of a position",
                "verbose_name_plural": "holders of positions",
                "ordering": ("site", "post", "user", "valid_from"),
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("own_interests", "Own interests in business partners or competitors"),
                            ("family_in_group", "Family members in the group"),
                            ("family_at_partners", "Family members at business partners or competitors"),
                            ("gifts", "Gifts, cash and vouchers"),
                            ("hospitality", "Meals, travel and entertainment"),
                            ("loans", "Loans with business partners"),
                            ("outside_work", "Work and investments outside the group"),
                            ("wrongdoing", "Knowledge of bribery, fraud or money laundering"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("text_en", models.CharField(max_length=500, verbose_name="question (English)")),
                ("text_zh_hans", models.CharField(max_length=500, verbose_name="question (Simplified Chinese)")),
                ("text_zh_hant", models.CharField(max_length=500, verbose_name="question (Traditional Chinese)")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="anti_corruption.documentversion",
                        verbose_name="version of a document",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a statement",
                "verbose_name_plural": "questions of statements",
                "ordering": ("version", "position"),
            },
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=1000, verbose_name="reason")),
                ("refused_at", models.DateTimeField(verbose_name="declined")),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="anti_corruption.duty",
                        verbose_name="duty to sign",
                    ),
                ),
            ],
            options={
                "verbose_name": "refusal to sign",
                "verbose_name_plural": "refusals to sign",
                "ordering": ("duty", "refused_at"),
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="anti_corruption.concludedcase",
                        verbose_name="concluded case",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="anti_corruption.declaration",
                        verbose_name="declaration",
                    ),
                ),
                (
                    "gift",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="anti_corruption.gift",
                        verbose_name="gift",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="read by",
                    ),
                ),
                (
                    "refusal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="anti_corruption.refusal",
                        verbose_name="refusal to sign",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of what was declared",
                "verbose_name_plural": "readings of what was declared",
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_at", models.DateTimeField(verbose_name="reminded")),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="anti_corruption.duty",
                        verbose_name="duty to sign",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reminded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ("duty", "-sent_at"),
            },
        ),
        migrations.CreateModel(
            name="SignedYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("director", "Directors"),
                            ("senior", "Senior management"),
                            ("middle", "Middle management"),
                            ("key_post", "Other important positions"),
                        ],
                        max_length=8,
                        verbose_name="rank",
                    ),
                ),
                ("due", models.PositiveIntegerField(verbose_name="due in the portal")),
                ("signed", models.PositiveIntegerField(verbose_name="signed in the portal")),
                ("people", models.PositiveIntegerField(verbose_name="people due in the portal")),
                ("paper_due", models.PositiveIntegerField(blank=True, null=True, verbose_name="due on paper")),
                ("paper_signed", models.PositiveIntegerField(blank=True, null=True, verbose_name="signed on paper")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "statements signed in a year",
                "verbose_name_plural": "statements signed in a year",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="TextRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("zh-hans", "Simplified Chinese"),
                            ("zh-hant", "Traditional Chinese"),
                            ("en", "English"),
                        ],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("read_at", models.DateTimeField(verbose_name="read")),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts_read",
                        to="anti_corruption.duty",
                        verbose_name="duty to sign",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="anti_corruption.documentversion",
                        verbose_name="version of a document",
                    ),
                ),
            ],
            options={
                "verbose_name": "text read",
                "verbose_name_plural": "texts read",
                "ordering": ("duty", "read_at"),
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hotline", "Hotline"),
                            ("email", "E-mail"),
                            ("letterbox", "Letterbox"),
                            ("visit", "In person"),
                            ("web", "Web form"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("description", models.CharField(max_length=200, verbose_name="number, address or place")),
                ("run_by", models.CharField(max_length=200, verbose_name="who receives the reports")),
                ("is_anonymous", models.BooleanField(default=False, verbose_name="reports may be anonymous")),
                ("is_external", models.BooleanField(default=False, verbose_name="open to business partners")),
                (
                    "reports",
                    models.PositiveIntegerField(help_text="0 where none came.", verbose_name="reports in the year"),
                ),
                ("substantiated", models.PositiveIntegerField(verbose_name="of which substantiated")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel for reports",
                "verbose_name_plural": "channels for reports",
                "ordering": ("kind", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "kind", "description"),
                        name="channel_once",
                        violation_error_message="This channel is entered already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["hotline", "email", "letterbox", "visit", "web"]),
                            models.Q(("description", ""), _negated=True),
                            models.Q(("run_by", ""), _negated=True),
                        ),
                        name="channel_is_told",
                        violation_error_message="Say what the channel is and who receives the reports.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("substantiated__lte", models.F("reports"))),
                        name="channel_no_more_than_came",
                        violation_error_message="No more reports are substantiated than came.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="concludedcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", True)),
                fields=("reference",),
                name="concludedcase_first_once",
                violation_error_message="This case is entered already. Correct its entry.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concludedcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reference", ""), _negated=True),
                    models.Q(("matter", ""), _negated=True),
                    models.Q(("authority", ""), _negated=True),
                    ("outcome__in", ["convicted", "acquitted", "settled", "dismissed"]),
                    ("subject__in", ["company", "employee"]),
                ),
                name="concludedcase_is_told",
                violation_error_message="Say which case it was, before whom, and how it ended.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concludedcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("concluded_on__lte", models.F("entered_on"))),
                name="concludedcase_is_over",
                violation_error_message="A case is entered once it is concluded.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concernedperson",
            constraint=models.UniqueConstraint(
                fields=("conflict", "user"),
                name="concernedperson_once",
                violation_error_message="This person is named already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ruling__in", ["accepted", "managed", "refused"]), models.Q(("words", ""), _negated=True)
                ),
                name="decision_is_told",
                violation_error_message="Choose a decision, and say what is done or why nothing needs to be.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                fields=("declaration", "kind"),
                name="conflict_once",
                violation_error_message="This answer has its conflict already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "own_interests",
                            "family_in_group",
                            "family_at_partners",
                            "gifts",
                            "hospitality",
                            "loans",
                            "outside_work",
                            "wrongdoing",
                        ],
                    ),
                    models.Q(("kind", "wrongdoing"), _negated=True),
                ),
                name="conflict_known_kind",
                violation_error_message="This answer is no conflict of interest.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                fields=("document", "number"),
                name="documentversion_once",
                violation_error_message="The document has a version of this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("issued_at__isnull", False)),
                fields=("document", "effective_on"),
                name="documentversion_one_a_day",
                violation_error_message="Another version of the document takes effect on this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issued_at__isnull", True), ("issued_by__isnull", True), ("sha256", "")),
                    models.Q(
                        ("issued_at__isnull", False),
                        ("issued_by__isnull", False),
                        ("sha256__regex", "^[0-9a-f]{64}$"),
                        models.Q(("text_en", ""), _negated=True),
                        models.Q(("text_zh_hans", ""), _negated=True),
                        models.Q(("text_zh_hant", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="documentversion_issued_whole",
                violation_error_message="A version is issued by a person, with its words in all three languages.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("occasion__in", ["yearly", "new_holder", "new_version"])),
                name="campaign_known_occasion",
                violation_error_message="Choose an occasion.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("opened_on"))),
                name="campaign_dates_in_order",
                violation_error_message="The due date lies before the day of opening.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="campaign_closed_by_someone",
                violation_error_message="A round is closed by a person at a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True), ("opened_by__isnull", True)),
                fields=("occasion", "statement", "conduct"),
                name="campaign_one_by_itself",
                violation_error_message="Such a round is open already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", True)),
                fields=("duty",),
                name="declaration_first_once",
                violation_error_message="This is signed already. Correct it with another declaration.",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_because", ""), ("replaces__isnull", True)),
                    models.Q(("replaces__isnull", False), models.Q(("replaced_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="declaration_replaces_with_reason",
                violation_error_message="Say why the declaration is replaced.",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_name", ""), _negated=True),
                    ("conduct_sha256__regex", "^[0-9a-f]{64}$"),
                    ("sha256__regex", "^[0-9a-f]{64}$"),
                    ("statement_sha256__regex", "^[0-9a-f]{64}$"),
                ),
                name="declaration_is_signed",
                violation_error_message="A declaration carries a name and the digests of what was signed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("giver", ""), _negated=True),
                    models.Q(("occasion", ""), _negated=True),
                    models.Q(("item", ""), _negated=True),
                    ("value_cny__gte", 0),
                ),
                name="gift_is_told",
                violation_error_message="Say who gave what, on which occasion, and what it is worth.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gift",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_on__lte", models.F("registered_on"))),
                name="gift_received_before",
                violation_error_message="A gift is registered after it was received.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gifthandling",
            constraint=models.CheckConstraint(
                condition=models.Q(("handling__in", ["handed_in", "returned", "kept"])),
                name="gifthandling_known",
                violation_error_message="Choose what became of the gift.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gifthandling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handling", "handed_in"), _negated=True),
                    models.Q(("receipt", ""), _negated=True),
                    _connector="OR",
                ),
                name="gifthandling_has_receipt",
                violation_error_message="What is handed in gets a receipt number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="integritycount",
            constraint=models.UniqueConstraint(
                fields=("submission", "measure"),
                name="integritycount_once",
                violation_error_message="This has its line already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="integritycount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "measure__in",
                        [
                            "cases_convicted",
                            "cases_acquitted",
                            "cases_settled",
                            "cases_dismissed",
                            "conflicts_declared",
                            "conflicts_decided",
                            "gifts_registered",
                            "gifts_handed_in",
                            "gifts_returned",
                        ],
                    )
                ),
                name="integritycount_known_measure",
                violation_error_message="Choose what is counted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="integritytraining",
            constraint=models.UniqueConstraint(
                fields=("submission", "held_on", "topic", "audience"),
                name="integritytraining_once",
                violation_error_message="This training is entered already for this audience.",
            ),
        ),
        migrations.AddConstraint(
            model_name="integritytraining",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("audience__in", ["directors", "management", "staff"]),
                    ("hours_each__gt", 0),
                    ("hours_each__lte", 100),
                    ("participants__gte", 1),
                    models.Q(("topic", ""), _negated=True),
                ),
                name="integritytraining_is_told",
                violation_error_message="Say the topic, at least one participant, and up to 100 hours a person.",
            ),
        ),
        migrations.AddIndex(
            model_name="namedpartner",
            index=models.Index(fields=["code"], name="namedpartner_by_code"),
        ),
        migrations.AddConstraint(
            model_name="namedpartner",
            constraint=models.UniqueConstraint(
                fields=("conflict", "code"),
                name="namedpartner_once",
                violation_error_message="This business partner is named already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="namedpartner",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True),
                name="namedpartner_has_code",
                violation_error_message="A business partner has its number.",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["user", "state"], name="duty_by_user"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["campaign", "state", "due_on"], name="duty_by_campaign"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["site", "due_on"], name="duty_by_site"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                fields=("campaign", "user"),
                name="duty_once",
                violation_error_message="This person is asked in this round already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rank__in", ["director", "senior", "middle", "key_post"]),
                    ("state__in", ["open", "signed", "declined", "excused", "replaced"]),
                ),
                name="duty_known_words",
                violation_error_message="Choose a state and a rank.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("opened_on"))),
                name="duty_dates_in_order",
                violation_error_message="The due date lies before the day of opening.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_on__isnull", False), ("state", "signed")),
                    models.Q(models.Q(("state", "signed"), _negated=True), ("signed_on__isnull", True)),
                    _connector="OR",
                ),
                name="duty_signed_on_a_day",
                violation_error_message="What is signed has its day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("excused_by__isnull", False),
                        ("state", "excused"),
                        models.Q(("excused_because", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "excused"), _negated=True),
                        ("excused_because", ""),
                        ("excused_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="duty_excused_with_reason",
                violation_error_message="Say why the person is excused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("excused_by__isnull", True),
                    models.Q(("excused_by", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="duty_not_excused_by_oneself",
                violation_error_message="Nobody excuses themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="postholder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="postholder_dates_in_order",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="postholder",
            constraint=models.UniqueConstraint(
                fields=("user", "post", "site", "valid_from"),
                name="postholder_once",
                violation_error_message="This person holds this position from that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="postholder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_until__isnull", True)),
                fields=("user", "post", "site"),
                name="postholder_once_at_a_time",
                violation_error_message="This person holds this position already. End that first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("version", "kind"),
                name="question_once",
                violation_error_message="The version asks this already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "own_interests",
                            "family_in_group",
                            "family_at_partners",
                            "gifts",
                            "hospitality",
                            "loans",
                            "outside_work",
                            "wrongdoing",
                        ],
                    ),
                    models.Q(("text_en", ""), _negated=True),
                    models.Q(("text_zh_hans", ""), _negated=True),
                    models.Q(("text_zh_hant", ""), _negated=True),
                ),
                name="question_says_something",
                violation_error_message="A question has its words in all three languages.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refusal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="refusal_says_why",
                violation_error_message="Say why you decline.",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("case__isnull", True),
                        ("declaration__isnull", False),
                        ("gift__isnull", True),
                        ("refusal__isnull", True),
                    ),
                    models.Q(
                        ("case__isnull", True),
                        ("declaration__isnull", True),
                        ("gift__isnull", True),
                        ("refusal__isnull", False),
                    ),
                    models.Q(
                        ("case__isnull", True),
                        ("declaration__isnull", True),
                        ("gift__isnull", False),
                        ("refusal__isnull", True),
                    ),
                    models.Q(
                        ("case__isnull", False),
                        ("declaration__isnull", True),
                        ("gift__isnull", True),
                        ("refusal__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="opening_of_one_thing",
                violation_error_message="A reading is of one thing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedyear",
            constraint=models.UniqueConstraint(
                fields=("submission", "rank"),
                name="signedyear_once",
                violation_error_message="This rank has its line already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__in", ["director", "senior", "middle", "key_post"])),
                name="signedyear_known_rank",
                violation_error_message="Choose a rank.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("signed__lte", models.F("due"))),
                name="signedyear_no_more_than_due",
                violation_error_message="No more are signed than were due.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedyear",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due", 0), ("people", 0)),
                    models.Q(("due__gt", 0), ("people__gte", 1), ("people__lte", models.F("due"))),
                    _connector="OR",
                ),
                name="signedyear_people_owe_statements",
                violation_error_message="Each person who is asked owes at least one statement.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper_due__isnull", True), ("paper_due__lte", 100000), _connector="OR"),
                name="signedyear_paper_in_bounds",
                violation_error_message="On paper at most 100,000 statements can be due. Check the number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedyear",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paper_due__isnull", True), ("paper_signed__isnull", True)),
                    models.Q(
                        ("paper_due__isnull", False),
                        ("paper_signed__isnull", False),
                        ("paper_signed__lte", models.F("paper_due")),
                    ),
                    _connector="OR",
                ),
                name="signedyear_paper_is_told",
                violation_error_message="Of paper say both, how many were due and how many of them signed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="textread",
            constraint=models.UniqueConstraint(
                fields=("duty", "version", "language"),
                name="textread_once",
                violation_error_message="This is noted already.",
            ),
        ),
    ]
