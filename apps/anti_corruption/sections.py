"""What sites hand in on anti-corruption once a year (HKEX B7)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.anti_corruption import beside, checks, forms, yearly
from apps.anti_corruption.models import Channel, IntegrityCount, IntegrityTraining, SignedYear
from apps.anti_corruption.policies import SECTION
from apps.organisation.choices import Frequency
from apps.submissions.sections import Register, Section, Source, sections

_BRING_UP_TO_DATE: Final = _("Bring up to date from the registers")

INTEGRITY: Final = sections.register(
    Section(
        code=SECTION,
        title=_("Anti-corruption"),
        frequency=Frequency.YEAR,
        hkex=("B7",),
        # Of the few people of a rank the numbers alone may tell who did not sign.
        is_personal=True,
        tables=(
            Register(
                code="declarations_signed",
                model=SignedYear,
                form=forms.PaperForm,
                title=_("Assurance statements signed"),
                help=_(
                    "The portal counts who had to sign in the year and did so by its last day. Type what was signed "
                    "on paper beside it, and in the note where it is kept."
                ),
                source=Source(
                    title=_BRING_UP_TO_DATE,
                    lines=yearly.signed_of,
                    key=("rank",),
                    typed=("paper_due", "paper_signed"),
                ),
                shown=("rank", "due", "signed"),
            ),
            Register(
                code="integrity_count",
                model=IntegrityCount,
                form=forms.IntegrityCountForm,
                title=_("Cases, conflicts and gifts"),
                help=_("Numbers from registers that few may read. Zero is a statement."),
                by_hand=False,
                source=Source(title=_BRING_UP_TO_DATE, lines=yearly.counts_of, key=("measure",)),
                shown=("measure", "count"),
            ),
            Register(
                code="report_channel",
                as_cards=True,
                model=Channel,
                form=forms.ChannelForm,
                title=_("Channels for reports of wrongdoing"),
                help=_("How somebody reports wrongdoing, who receives it, and how many reports came in the year."),
                answer_required=True,
            ),
            Register(
                code="integrity_training",
                as_cards=True,
                model=IntegrityTraining,
                form=forms.IntegrityTrainingForm,
                title=_("Anti-corruption training"),
                help=_("One entry for each audience. Hours are those of one person."),
                answer_required=True,
                # No import: files name a row of a catalogue for each entry, and a training has none.
            ),
        ),
        checks=(
            checks.everybody_signed,
            checks.paper_is_kept_somewhere,
            checks.a_channel_is_told,
            checks.directors_are_trained,
        ),
        load_beside=beside.files_of_rows,
    )
)
