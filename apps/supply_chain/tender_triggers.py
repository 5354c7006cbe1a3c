"""What the database itself refuses about tenders.

* ``supply_chain_tender``: a tender begins in preparation and goes one way; each step changes only what belongs to it,
  and looks at what it needs (weights of 100 %, two scorers, bids, a ranking before a selection, four eyes at the end).
* ``supply_chain_tender_part``: weights, requirements and scorers change only in preparation; bids come in, and are
  withdrawn, while they are invited; prices, documents and answers are written while bids are opened. Arguments: how to
  find the tender, and the states in which rows may be added, changed and deleted.
* ``supply_chain_bid``, ``supply_chain_scorer``, ``supply_chain_score``, ``supply_chain_interest``,
  ``supply_chain_result``: what each row has to say beside.

Every trigger reads the tender ``FOR SHARE``, so that a row and a step at the same time wait for each other. Lock order
everywhere: the tender first, then its rows.
"""

from typing import Any, Final

from django.db.migrations.operations import RunSQL

from apps.audit.triggers import REFUSED

TENDER: Final = f"""
CREATE FUNCTION supply_chain_tender_weighed(asked bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN coalesce(sum(w.weight), 0) <> 100 OR count(*) < 2 THEN 'its weights are not 100 % over two attributes'
        WHEN 2 > (SELECT count(*) FROM supply_chain_tenderscorer s WHERE s.tender_id = asked)
            THEN 'it has fewer than two scorers'
    END FROM supply_chain_tenderweight w WHERE w.tender_id = asked
$$;
CREATE FUNCTION supply_chain_tender_sifted(asked bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN NOT coalesce(bool_or(NOT b.eliminated), false) THEN 'no bid remains'
        WHEN bool_or(b.eliminated <> EXISTS (
            SELECT FROM supply_chain_knockoutresult r WHERE r.bid_id = b.id AND NOT r.passed
        )) THEN 'a bid is eliminated if it fails a requirement, and only then'
        WHEN bool_or(NOT b.eliminated AND (b.price IS NULL OR EXISTS (
            SELECT FROM supply_chain_knockout k WHERE k.tender_id = asked AND NOT EXISTS (
                SELECT FROM supply_chain_knockoutresult r WHERE r.bid_id = b.id AND r.criterion_id = k.id
            )
        ))) THEN 'a remaining bid lacks its price or the answer to a requirement'
    END FROM supply_chain_bid b WHERE b.tender_id = asked AND b.withdrawn_at IS NULL
$$;
CREATE FUNCTION supply_chain_tender_points(asked bigint) RETURNS numeric
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    -- All remaining bids are scored by the same people, so that sums stand as means do.
    SELECT sum(s.points * w.weight) FROM supply_chain_score s
        JOIN supply_chain_tenderscorer t ON t.id = s.scorer_id AND t.excused_at IS NULL
        JOIN supply_chain_bid b ON b.id = s.bid_id
        JOIN supply_chain_tenderweight w ON w.tender_id = b.tender_id AND w.attribute_id = s.attribute_id
    WHERE s.bid_id = asked
$$;
CREATE FUNCTION supply_chain_tender_hands(asked bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    -- Everybody who shaped the tender: by what its rows say now, and by what the trail says of them and of rows gone.
    SELECT unnest(ARRAY[t.created_by_id, t.weights_fixed_by_id, t.opened_by_id, t.scoring_by_id, t.decided_by_id])
        FROM supply_chain_tender t WHERE t.id = asked
    UNION SELECT s.user_id FROM supply_chain_tenderscorer s WHERE s.tender_id = asked
    UNION SELECT unnest(ARRAY[b.entered_by_id, b.read_by_id, b.withdrawn_by_id])
        FROM supply_chain_bid b WHERE b.tender_id = asked
    -- What a reviewer does to a selection is no part in it.
    UNION SELECT c.actor_id FROM audit_change c
        WHERE c."table" = 'supply_chain_tender' AND c.row_id = asked AND NOT (c.operation = 'U'
            AND c.before ->> 'state' = 'selected' AND c.after ->> 'state' IN ('ranked', 'awarded'))
    UNION SELECT c.actor_id FROM audit_change c
        WHERE c."table" IN ('supply_chain_tenderweight', 'supply_chain_knockout', 'supply_chain_tenderscorer',
            'supply_chain_bid')
            AND asked::text IN (c.before ->> 'tender_id', c.after ->> 'tender_id')
    UNION SELECT c.actor_id FROM audit_change c
        JOIN supply_chain_bid b ON b.tender_id = asked AND b.id::text IN (c.before ->> 'bid_id', c.after ->> 'bid_id')
        WHERE c."table" IN ('supply_chain_bidfile', 'supply_chain_knockoutresult', 'supply_chain_statedinterest',
            'supply_chain_score')
$$;
CREATE FUNCTION supply_chain_tender() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    arrow text;
    free text[];
    wrong text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'preparing' THEN
            RAISE EXCEPTION 'a tender begins in preparation' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'tender % is cancelled with a reason, never deleted', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    arrow := OLD.state || ' ' || NEW.state;
    free := CASE arrow
        WHEN 'preparing preparing' THEN ARRAY['number', 'title', 'material_id', 'quantity', 'estimated_value',
            'currency', 'bids_due_on']
        WHEN 'preparing inviting' THEN ARRAY['weights_fixed_at', 'weights_fixed_by_id']
        WHEN 'inviting opened' THEN ARRAY['opened_at', 'opened_by_id']
        WHEN 'opened scoring' THEN ARRAY['scoring_at', 'scoring_by_id']
        WHEN 'scoring ranked' THEN ARRAY['ranked_at']
        WHEN 'ranked selected' THEN ARRAY['winner_id', 'decision_reason', 'decided_at', 'decided_on', 'decided_by_id']
        WHEN 'selected ranked' THEN ARRAY['winner_id', 'decision_reason', 'decided_at', 'decided_on', 'decided_by_id',
            'sent_back_at', 'sent_back_by_id', 'sent_back_because']
        WHEN 'selected awarded' THEN ARRAY['approved_at', 'approved_by_id']
        ELSE CASE WHEN NEW.state = 'cancelled' AND OLD.state NOT IN ('awarded', 'cancelled')
            THEN ARRAY['cancelled_at', 'cancelled_by_id', 'cancelled_because'] END
    END;
    IF free IS NULL OR to_jsonb(OLD) - 'state' - free <> to_jsonb(NEW) - 'state' - free THEN
        RAISE EXCEPTION 'tender % is % and does not change like this', OLD.id, OLD.state USING ERRCODE = '{REFUSED}';
    END IF;
    wrong := CASE arrow
        WHEN 'preparing inviting' THEN supply_chain_tender_weighed(NEW.id)
        WHEN 'inviting opened' THEN CASE
            WHEN NOT EXISTS (
                SELECT FROM supply_chain_bid b WHERE b.tender_id = NEW.id AND b.withdrawn_at IS NULL
            ) THEN 'it has no bid'
            -- By the clock that is furthest ahead on earth; the service knows the day of the company.
            WHEN (NEW.opened_at AT TIME ZONE 'UTC' + interval '14 hours')::date <= NEW.bids_due_on
                THEN 'bids are not due yet'
        END
        WHEN 'opened scoring' THEN supply_chain_tender_sifted(NEW.id)
        WHEN 'scoring ranked' THEN CASE WHEN EXISTS (
            SELECT FROM supply_chain_tenderscorer s WHERE s.tender_id = NEW.id AND s.handed_in_at IS NULL
                AND s.excused_at IS NULL
        ) THEN 'not every scorer has handed in' END
        WHEN 'ranked selected' THEN CASE
            WHEN NOT EXISTS (
                SELECT FROM supply_chain_bid b
                WHERE b.id = NEW.winner_id AND b.tender_id = NEW.id AND NOT b.eliminated AND b.withdrawn_at IS NULL
            ) THEN 'the selected bid is none of its remaining bids'
            WHEN NEW.decided_on <= NEW.bids_due_on
                OR NEW.decided_on > (NEW.decided_at AT TIME ZONE 'UTC' + interval '14 hours')::date
                THEN 'it is decided after bids were due, and not on a day to come'
            -- By the clock that is furthest behind on earth.
            WHEN NEW.decision_reason = ''
                AND NEW.decided_on < (NEW.ranked_at AT TIME ZONE 'UTC' - interval '12 hours')::date
                THEN 'a decision earlier than the ranking is entered with a reason'
            WHEN NEW.decision_reason = '' AND supply_chain_tender_points(NEW.winner_id) < (
                SELECT max(supply_chain_tender_points(b.id)) FROM supply_chain_bid b
                WHERE b.tender_id = NEW.id AND NOT b.eliminated AND b.withdrawn_at IS NULL
            ) THEN 'a bid that is not first is selected with a reason'
        END
        WHEN 'selected ranked' THEN CASE
            WHEN NEW.sent_back_at IS NOT DISTINCT FROM OLD.sent_back_at OR NEW.decision_reason <> ''
                THEN 'it is sent back with a comment' END
        WHEN 'selected awarded' THEN CASE
            WHEN NEW.approved_by_id IN (SELECT hand FROM supply_chain_tender_hands(NEW.id) hand)
                THEN 'it is approved by somebody who took no part in it' END
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'tender %: %', NEW.id, wrong USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON supply_chain_tender
    FOR EACH ROW EXECUTE FUNCTION supply_chain_tender();
"""
NO_TENDER: Final = """
DROP TRIGGER guard ON supply_chain_tender;
DROP FUNCTION supply_chain_tender();
DROP FUNCTION supply_chain_tender_hands(bigint);
DROP FUNCTION supply_chain_tender_points(bigint);
DROP FUNCTION supply_chain_tender_sifted(bigint);
DROP FUNCTION supply_chain_tender_weighed(bigint);
"""

PARTS: Final = f"""
CREATE FUNCTION supply_chain_tender_part() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    -- Arguments: the column that leads on, the table it leads to ('' where it is the tender itself), and the states in
    -- which rows may be added, changed and deleted.
    allowed text[] := string_to_array(TG_ARGV[CASE TG_OP WHEN 'INSERT' THEN 2 WHEN 'UPDATE' THEN 3 ELSE 4 END], ' ');
    leads bigint := (to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0])::bigint;
    owner bigint := leads;
    its_state text;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) -> TG_ARGV[0] IS DISTINCT FROM to_jsonb(NEW) -> TG_ARGV[0] THEN
        RAISE EXCEPTION 'a row of % stays with its tender', TG_TABLE_NAME USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_ARGV[1] <> '' THEN
        -- A withdrawn bid leads nowhere.
        EXECUTE format('SELECT tender_id FROM %I WHERE id = $1 AND withdrawn_at IS NULL', TG_ARGV[1])
            INTO owner USING leads;
    END IF;
    SELECT t.state INTO its_state FROM supply_chain_tender t WHERE t.id = owner FOR SHARE;
    IF its_state IS NULL OR NOT its_state = ANY(allowed) THEN
        RAISE EXCEPTION 'tender % is %: its rows in % are closed', owner, its_state, TG_TABLE_NAME
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION supply_chain_bid() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    read text[] := ARRAY['price', 'payment', 'delivery', 'read_by_id', 'eliminated', 'eliminated_because'];
    withdrawn text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_because'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.withdrawn_at IS NOT NULL THEN
            RAISE EXCEPTION 'bid % is withdrawn and stays so', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        -- Sealed, it may be withdrawn; opened, it may be read out.
        IF (SELECT t.state FROM supply_chain_tender t WHERE t.id = NEW.tender_id) = 'inviting' THEN
            read := withdrawn;
        END IF;
        IF to_jsonb(OLD) - read <> to_jsonb(NEW) - read THEN
            RAISE EXCEPTION 'bid % keeps its bidder and its day of receipt, is withdrawn while sealed, and read out '
                'once opened', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a bid begins as one that counts' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.price IS NOT NULL OR NEW.payment <> '' OR NEW.delivery <> '' OR NEW.eliminated OR NEW.read_by_id IS NOT NULL
    THEN
        RAISE EXCEPTION 'a bid is sealed until bids are opened' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.received_on > (SELECT t.bids_due_on FROM supply_chain_tender t WHERE t.id = NEW.tender_id) THEN
        RAISE EXCEPTION 'a bid received after the last day is not taken' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION supply_chain_result() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM supply_chain_bid b JOIN supply_chain_knockout k ON k.tender_id = b.tender_id
        WHERE b.id = NEW.bid_id AND k.id = NEW.criterion_id
    ) THEN
        RAISE EXCEPTION 'requirement % is none of the tender of bid %', NEW.criterion_id, NEW.bid_id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
"""
NO_PARTS: Final = """
DROP FUNCTION supply_chain_tender_part();
DROP FUNCTION supply_chain_bid();
DROP FUNCTION supply_chain_result();
"""

SCORING: Final = f"""
CREATE FUNCTION supply_chain_own_hand(scorer bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    actor bigint := nullif(current_setting('esgportal.actor', true), '')::bigint;
    its supply_chain_tenderscorer;
    its_state text;
BEGIN
    SELECT t.state INTO its_state FROM supply_chain_tenderscorer s JOIN supply_chain_tender t ON t.id = s.tender_id
        WHERE s.id = scorer FOR SHARE OF t;
    SELECT s.* INTO its FROM supply_chain_tenderscorer s WHERE s.id = scorer FOR SHARE;
    IF its_state IS DISTINCT FROM 'scoring' OR its.handed_in_at IS NOT NULL OR its.excused_at IS NOT NULL THEN
        RAISE EXCEPTION 'scorer % is not scoring', scorer USING ERRCODE = '{REFUSED}';
    END IF;
    -- Nor does a session that names nobody.
    IF actor IS DISTINCT FROM its.user_id THEN
        RAISE EXCEPTION 'nobody writes for scorer %', scorer USING ERRCODE = '{REFUSED}';
    END IF;
END $$;
CREATE FUNCTION supply_chain_scorer() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    actor bigint := nullif(current_setting('esgportal.actor', true), '')::bigint;
    excused text[] := ARRAY['excused_at', 'excused_by_id', 'excused_because'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stated_at IS NOT NULL OR NEW.handed_in_at IS NOT NULL OR NEW.excused_at IS NOT NULL THEN
            RAISE EXCEPTION 'a scorer begins with nothing' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.id, OLD.tender_id, OLD.user_id) IS DISTINCT FROM (NEW.id, NEW.tender_id, NEW.user_id) THEN
        RAISE EXCEPTION 'scorer % stays who it is', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    -- tender_part has seen that the tender is being scored, and holds it.
    IF OLD.excused_at IS NULL AND NEW.excused_at IS NOT NULL THEN
        IF to_jsonb(OLD) - excused <> to_jsonb(NEW) - excused THEN
            RAISE EXCEPTION 'scorer % is excused as it stands', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        IF actor IS NULL OR actor IS DISTINCT FROM NEW.excused_by_id OR EXISTS (
            SELECT FROM supply_chain_tenderscorer s WHERE s.tender_id = OLD.tender_id AND s.user_id = actor
        ) THEN
            RAISE EXCEPTION 'scorer % is excused by somebody who does not score', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        IF 2 > (SELECT count(*) FROM supply_chain_tenderscorer s
            WHERE s.tender_id = OLD.tender_id AND s.id <> OLD.id AND s.excused_at IS NULL) THEN
            RAISE EXCEPTION 'two scorers remain without scorer %', OLD.id USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM supply_chain_own_hand(OLD.id);
    IF NEW.handed_in_at IS NOT NULL AND EXISTS (
        SELECT FROM supply_chain_bid b JOIN supply_chain_tenderweight w ON w.tender_id = b.tender_id
        WHERE b.tender_id = NEW.tender_id AND NOT b.eliminated AND b.withdrawn_at IS NULL AND NOT EXISTS (
            SELECT FROM supply_chain_score s
            WHERE s.scorer_id = NEW.id AND s.bid_id = b.id AND s.attribute_id = w.attribute_id
                AND s.points IS NOT NULL
        )
    ) THEN
        RAISE EXCEPTION 'scorer % has not scored everything', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION supply_chain_score() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'scores are never deleted' USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.id, OLD.scorer_id, OLD.bid_id, OLD.attribute_id)
        IS DISTINCT FROM (NEW.id, NEW.scorer_id, NEW.bid_id, NEW.attribute_id) THEN
        RAISE EXCEPTION 'score % stays where it is', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    PERFORM supply_chain_own_hand(NEW.scorer_id);
    IF NOT EXISTS (
        SELECT FROM supply_chain_tenderscorer s
            JOIN supply_chain_bid b ON b.tender_id = s.tender_id AND b.id = NEW.bid_id AND NOT b.eliminated
                AND b.withdrawn_at IS NULL
            JOIN supply_chain_tenderweight w ON w.tender_id = s.tender_id AND w.attribute_id = NEW.attribute_id
        WHERE s.id = NEW.scorer_id AND s.stated_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'points are for a remaining bid and a weighted attribute, after the statement of interests'
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER blind BEFORE INSERT OR UPDATE OR DELETE ON supply_chain_score
    FOR EACH ROW EXECUTE FUNCTION supply_chain_score();
CREATE FUNCTION supply_chain_interest() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM supply_chain_own_hand(OLD.scorer_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM supply_chain_own_hand(NEW.scorer_id);
    IF NOT EXISTS (
        SELECT FROM supply_chain_tenderscorer s JOIN supply_chain_bid b ON b.tender_id = s.tender_id
        WHERE s.id = NEW.scorer_id AND b.id = NEW.bid_id AND b.withdrawn_at IS NULL
    ) THEN
        RAISE EXCEPTION 'an interest is in a bidder of the same tender' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_hand BEFORE INSERT OR UPDATE OR DELETE ON supply_chain_statedinterest
    FOR EACH ROW EXECUTE FUNCTION supply_chain_interest();
"""
NO_SCORING: Final = """
DROP TRIGGER own_hand ON supply_chain_statedinterest;
DROP FUNCTION supply_chain_interest();
DROP TRIGGER blind ON supply_chain_score;
DROP FUNCTION supply_chain_score();
DROP FUNCTION supply_chain_scorer();
DROP FUNCTION supply_chain_own_hand(bigint);
"""


class PartOfTender(RunSQL):
    """Opens and closes the rows of ``table`` with their tender; ``function`` says what else each row must keep.

    ``by`` is the column that leads to the tender, or to the table ``through``, which has one.
    """

    def __init__(
        self, table: str, *, by: str = "tender_id", through: str = "", states: tuple[str, str, str], function: str = ""
    ) -> None:
        arguments = ", ".join(f"'{argument}'" for argument in (by, through, *states))
        also = (
            f"CREATE TRIGGER tender_row BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();"
            if function
            else ""
        )
        super().__init__(
            # PostgreSQL fires triggers in the order of their names: the state first, then the row.
            f"CREATE TRIGGER tender_part BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION supply_chain_tender_part({arguments});\n{also}",
            f"DROP TRIGGER tender_part ON {table};" + (f"\nDROP TRIGGER tender_row ON {table};" if function else ""),
        )
        self._constructor_args: tuple[Any, Any] = (
            (table,),
            {"by": by, "through": through, "states": states, "function": function},
        )

    def describe(self) -> str:
        return "Open and close the rows of a table with their tender"
