"""The evaluation of a tender as a workbook: the ranking, and the points of every scorer."""

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
from apps.supply_chain.models import Tender
from apps.supply_chain.tenders.interests import interests_of
from apps.supply_chain.tenders.ranking import Ranking, ranking_of, shown

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLE_WIDTH: Final = 32
_CELL_WIDTH: Final = 14


def workbook(tender: Tender) -> bytes:
    """The same evaluation gives the same bytes. Raises NotRankedYet before there is one."""
    ranking = ranking_of(tender)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        # ranked_at is there: without it there would be no ranking.
        day = tender.decided_on or timezone.localtime(tender.ranked_at).date()
        book.set_properties({"created": dt.datetime.combine(day, dt.time()), "title": str(tender)})
        _Sheet(book, _("Ranking")).write_ranking(tender, ranking)
        _Sheet(book, _("Scores")).write_scores(ranking)
    return buffer.getvalue()


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

    def write_ranking(self, tender: Tender, ranking: Ranking) -> None:
        self._facts(tender)
        heads = [_("Bidder"), _("Rank"), _("Total of 100"), _("Price in %(currency)s") % {"currency": tender.currency}]
        for weight in ranking.weights:
            words = {"attribute": weight.attribute.name, "weight": weight.weight}
            heads += [_("%(attribute)s: mean") % words, _("%(attribute)s × %(weight)d %%") % words]
        self._line(heads, bold=True)
        for standing in ranking.standings:
            rank = _("%(rank)d (tied)") % {"rank": standing.rank} if standing.tied else Decimal(standing.rank)
            cells: list[Any] = [str(standing.bid.supplier), rank, shown(standing.total), standing.bid.price]
            for part in standing.parts:
                cells += [shown(part.mean), shown(part.contribution)]
            self._line(cells, money={3})
        for bid in ranking.eliminated:
            self._line([str(bid.supplier), _("eliminated"), "", bid.price, bid.eliminated_because], money={3})
        self._row += 1
        for interest in interests_of(tender):
            words = {"scorer": interest.scorer.user, "bidder": interest.bid.supplier.name, "words": interest.words}
            self._line([_("Interest"), _("%(scorer)s, bidder %(bidder)s: %(words)s") % words])

    def _facts(self, tender: Tender) -> None:
        facts = [
            (_("Tender"), str(tender)),
            (_("Site"), tender.site.name),
            (_("What is bought"), tender.material.name),
            (_("Bids due on"), date_format(tender.bids_due_on)),
            (_("State"), tender.get_state_display()),
            (_("Selected bid"), str(tender.winner) if tender.winner else NO_VALUE),
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
