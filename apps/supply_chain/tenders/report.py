"""The evaluation of a tender as a workbook: the ranking, the bids, the points of every scorer, and the steps."""

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, plain_text
from apps.core.spreadsheets import neutralise
from apps.supply_chain.models import KnockOutResult, Tender
from apps.supply_chain.tenders.interests import how_many, interests_of
from apps.supply_chain.tenders.pages import steps_of
from apps.supply_chain.tenders.ranking import Ranking, ranking_of, shown

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLE_WIDTH: Final = 32
_CELL_WIDTH: Final = 14


def workbook(tender: Tender, *, with_interests: bool) -> bytes:
    """The same evaluation gives the same bytes. Raises NotRankedYet before there is one.

    ``with_interests`` for those who may read which scorer has an interest in whom; others read how many have one.
    """
    ranking = ranking_of(tender)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        # ranked_at is there: without it there would be no ranking.
        day = tender.decided_on or timezone.localtime(tender.ranked_at).date()
        book.set_properties({"created": dt.datetime.combine(day, dt.time()), "title": str(tender)})
        _Sheet(book, _("Ranking")).write_ranking(tender, ranking, with_interests=with_interests)
        _Sheet(book, _("Bids")).write_bids(tender)
        _Sheet(book, _("Scores")).write_scores(ranking)
        _Sheet(book, _("Steps")).write_steps(tender)
    return buffer.getvalue()


def _answer(result: KnockOutResult | None) -> str:
    if result is None:
        return NO_VALUE
    return _("Met") if result.passed else _("Not met: %(reason)s") % {"reason": result.reason}


class _Sheet:
    """A sheet written from the top down."""

    def __init__(self, book: Any, name: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_column(0, 0, _TITLE_WIDTH)
        self._sheet.set_column(1, 40, _CELL_WIDTH)
        self._plain = book.add_format({"valign": "top", "text_wrap": True})
        self._bold = book.add_format({"valign": "top", "text_wrap": True, "bold": True})
        self._points = book.add_format({"valign": "top", "num_format": "0.00"})
        self._money = book.add_format({"valign": "top", "num_format": "#,##0.00"})
        self._row = 0

    def write_ranking(self, tender: Tender, ranking: Ranking, *, with_interests: bool) -> None:
        self._facts(tender)
        price = _("Price in %(currency)s") % {"currency": tender.currency}
        heads = [_("Bidder"), _("Rank"), _("Shared rank"), _("Total of 100"), price]
        for weight in ranking.weights:
            words = {"attribute": weight.attribute.name, "weight": weight.weight}
            heads += [_("%(attribute)s: mean") % words, _("%(attribute)s × %(weight)d %%") % words]
        self._line(heads, bold=True)
        for standing in ranking.standings:
            tied = _("tied") if standing.tied else ""
            cells: list[Any] = [str(standing.bid.supplier), Decimal(standing.rank), tied]
            cells += [shown(standing.total), standing.bid.price]
            for part in standing.parts:
                cells += [shown(part.mean), shown(part.contribution)]
            self._line(cells, money={4})
        for bid in ranking.eliminated:
            self._line([str(bid.supplier), "", _("eliminated"), "", bid.price, bid.eliminated_because], money={4})
        self._row += 1
        self._interests(tender, with_interests=with_interests)
        for scorer in tender.scorers.all():
            if scorer.is_excused:
                words = {"person": scorer.user, "by": scorer.excused_by, "words": scorer.excused_because}
                self._line([_("Scorer excused"), _("%(person)s, by %(by)s: %(words)s") % words])

    def _interests(self, tender: Tender, *, with_interests: bool) -> None:
        known = interests_of(tender)
        if not known:
            none = _("Every scorer stated to have no interest in any bidder, and none was declared before.")
            self._line([_("Interest"), none])
        elif not with_interests:
            self._line([_("Interest"), how_many(known)])
        for interest in known if with_interests else ():
            words = {"scorer": interest.scorer.user, "bidder": interest.bid.supplier.name, "words": interest.words}
            self._line([_("Interest"), _("%(scorer)s, bidder %(bidder)s: %(words)s") % words])

    def write_bids(self, tender: Tender) -> None:
        """Every bid as it was read out, with its answers; the withdrawn below."""
        criteria = list(tender.knock_outs.all())
        price = _("Price in %(currency)s") % {"currency": tender.currency}
        heads = [_("Bidder"), _("Received on"), price, _("Payment terms"), _("Delivery"), _("Result")]
        self._line([*heads, *(criterion.text for criterion in criteria)], bold=True)
        for bid in tender.live_bids:
            results = {result.criterion_id: result for result in bid.results.all()}
            answers = [_answer(results.get(criterion.pk)) for criterion in criteria]
            result = _("eliminated") if bid.eliminated else _("scored")
            cells = [str(bid.supplier), date_format(bid.received_on), bid.price, bid.payment, bid.delivery, result]
            self._line([*cells, *answers], money={2})
        for bid in tender.withdrawn_bids:
            words = {"by": bid.withdrawn_by, "words": bid.withdrawn_because}
            said = _("withdrawn, entered by %(by)s: %(words)s") % words
            self._line([str(bid.supplier), date_format(bid.received_on), "", "", "", said])

    def write_steps(self, tender: Tender) -> None:
        """The steps taken, each with its day and its person."""
        self._line([_("Step"), _("Date"), _("Person"), _("Reason")], bold=True)
        for step in steps_of(tender):
            if step.at:
                day = date_format(timezone.localtime(step.at), "SHORT_DATETIME_FORMAT")
                self._line([str(step.title), day, step.by, step.words])

    def _facts(self, tender: Tender) -> None:
        facts = [
            (_("Tender"), str(tender)),
            (_("Site"), tender.site.name),
            (_("What is bought"), tender.material.name),
            (_("Bids due on"), date_format(tender.bids_due_on)),
            (_("State"), tender.get_state_display()),
            (_("Selected bid"), str(tender.winner) if tender.winner else NO_VALUE),
            (_("Decided on"), date_format(tender.decided_on) if tender.decided_on else NO_VALUE),
            (_("Ranked on"), date_format(timezone.localtime(tender.ranked_at))),
            (_("Reason"), tender.decision_reason),
            (_("Selected by"), str(tender.decided_by or NO_VALUE)),
            (_("Approved by"), str(tender.approved_by or NO_VALUE)),
        ]
        for name, value in facts:
            if value:
                self._line([name, value])
        self._row += 1

    def write_scores(self, ranking: Ranking) -> None:
        """One line for every scorer, bid and attribute, as handed in."""
        self._line([_("Bidder"), _("Attribute"), _("Scorer"), _("Points"), _("Note")], bold=True)
        for standing in ranking.standings:
            for part in standing.parts:
                for score in part.points:
                    bidder, attribute = str(standing.bid.supplier), part.weight.attribute.name
                    self._line([bidder, attribute, str(score.scorer.user), score.points, score.note])

    def _line(self, cells: Sequence[Any], *, bold: bool = False, money: Sequence[int] | set[int] = ()) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                style = self._money if column in money else self._points
                if cell == cell.to_integral_value() and column not in money and cell.as_tuple().exponent == 0:
                    style = self._plain
                self._sheet.write_number(self._row, column, Decimal(plain_text(cell)), style)
            elif cell:
                self._sheet.write_string(self._row, column, neutralise(str(cell)), self._bold if bold else self._plain)
        self._row += 1
