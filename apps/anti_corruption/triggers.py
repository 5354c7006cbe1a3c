"""What the database itself refuses about integrity, beside the locks that every record has.

* ``anti_corruption_version``: a version starts as a draft, is issued with all its questions and later than the one it
  replaces, and then stays for ever, with its questions.
* ``anti_corruption_duty``: a duty keeps whose it is; it is signed or declined by its person alone, with a declaration
  or a refusal behind it, and what is signed stays signed.
* ``anti_corruption_declaration``: signed by the person of the duty, who read both texts in that language, in the words
  that were issued, with an answer to every question; a correction replaces the declaration that stands. When the
  transaction ends the duty is signed and every answer with details has its conflict.
* ``anti_corruption_decision``: decided by an officer of the site who is neither the signer nor concerned.
* The other functions see that everybody writes in their own name, officers where it takes one, with the time of the
  day; and that gifts which cannot be kept are not.

Rows that carry what people say are append-only. ``anti_corruption_actor`` is the person whom the portal named for the
transaction (audit/context.py).
"""

from typing import Final

from apps.audit.triggers import REFUSED

_HEAD: Final = "RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"

PEOPLE: Final = """
CREATE FUNCTION anti_corruption_actor() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('esgportal.actor', true), '')::bigint
$$;
CREATE FUNCTION anti_corruption_is_officer(person bigint, place bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    -- Of the site, or of the whole group; without a site of the whole group alone.
    SELECT EXISTS (
        SELECT FROM organisation_membership m JOIN accounts_user u ON u.id = m.user_id
        WHERE m.user_id = person AND u.is_active AND m.role = 'integrity_officer'
          AND (m.site_id IS NULL OR m.site_id = place)
    )
$$;
CREATE FUNCTION anti_corruption_is_now(moment timestamptz) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT moment BETWEEN clock_timestamp() - interval '1 hour' AND clock_timestamp() + interval '1 minute'
$$;
"""

DOCUMENTS: Final = f"""
CREATE FUNCTION anti_corruption_version() {_HEAD}
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.issued_at IS NOT NULL THEN
            RAISE EXCEPTION 'a version starts as a draft' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.issued_at IS NOT NULL THEN
        RAISE EXCEPTION 'version % is issued and stays as it is: replace it by another', OLD.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.document_id <> OLD.document_id THEN
        RAISE EXCEPTION 'version % keeps its document', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.issued_at IS NOT NULL THEN
        IF NEW.issued_by_id IS DISTINCT FROM anti_corruption_actor()
            OR NOT anti_corruption_is_officer(NEW.issued_by_id, NULL) THEN
            RAISE EXCEPTION 'version % is issued by an integrity officer of the group, in their own name', NEW.id
                USING ERRCODE = '{REFUSED}';
        END IF;
        IF NEW.effective_on > clock_timestamp()::date + 367 THEN
            RAISE EXCEPTION 'version % takes effect more than a year from now', NEW.id USING ERRCODE = '{REFUSED}';
        END IF;
        IF EXISTS (
            SELECT FROM anti_corruption_documentversion v WHERE v.document_id = NEW.document_id
                AND v.issued_at IS NOT NULL AND v.effective_on >= NEW.effective_on
        ) THEN
            RAISE EXCEPTION 'version % takes effect before the one it replaces', NEW.id USING ERRCODE = '{REFUSED}';
        END IF;
        IF (SELECT d.kind FROM anti_corruption_document d WHERE d.id = NEW.document_id) = 'statement' AND (
            SELECT count(*) FROM anti_corruption_question q WHERE q.version_id = NEW.id
        ) <> 8 THEN
            RAISE EXCEPTION 'version % does not ask all eight questions', NEW.id USING ERRCODE = '{REFUSED}';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_guard BEFORE INSERT OR UPDATE OR DELETE ON anti_corruption_documentversion
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_version();
CREATE FUNCTION anti_corruption_question() {_HEAD}
DECLARE
    touched bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.version_id] WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END;
BEGIN
    PERFORM 1 FROM anti_corruption_documentversion v WHERE v.id = ANY (touched) FOR SHARE;
    IF EXISTS (
        SELECT FROM anti_corruption_documentversion v WHERE v.id = ANY (touched) AND v.issued_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the questions of an issued version stay as they are' USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER question_guard BEFORE INSERT OR UPDATE OR DELETE ON anti_corruption_question
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_question();
"""

DUTIES: Final = f"""
CREATE FUNCTION anti_corruption_campaign() {_HEAD}
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'round % is closed, not deleted', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (
        SELECT FROM anti_corruption_documentversion v JOIN anti_corruption_document d ON d.id = v.document_id
        WHERE v.id = NEW.statement_id AND (v.issued_at IS NULL OR d.kind <> 'statement')
           OR v.id = NEW.conduct_id AND (v.issued_at IS NULL OR d.kind <> 'code')
    ) THEN
        RAISE EXCEPTION 'a round is about an issued statement and an issued code' USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.closed_at IS NOT NULL OR (to_jsonb(OLD) - 'closed_at' - 'closed_by_id')
            IS DISTINCT FROM (to_jsonb(NEW) - 'closed_at' - 'closed_by_id')
    ) THEN
        RAISE EXCEPTION 'round % stays as it was opened; it is closed once', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.closed_at IS NOT NULL AND (
        NEW.closed_by_id IS DISTINCT FROM anti_corruption_actor()
        OR NOT anti_corruption_is_officer(NEW.closed_by_id, NEW.site_id)
    ) THEN
        RAISE EXCEPTION 'round % is closed by an officer of its site, in their own name', NEW.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_guard BEFORE INSERT OR UPDATE OR DELETE ON anti_corruption_campaign
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_campaign();
CREATE FUNCTION anti_corruption_duty() {_HEAD}
DECLARE
    closed timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'duty % is excused, not deleted', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    SELECT c.closed_at INTO closed FROM anti_corruption_campaign c WHERE c.id = NEW.campaign_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR closed IS NOT NULL THEN
            RAISE EXCEPTION 'a duty starts open, in an open round' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.campaign_id, OLD.user_id, OLD.site_id, OLD.post_id, OLD.rank, OLD.opened_on, OLD.due_on)
        IS DISTINCT FROM (NEW.campaign_id, NEW.user_id, NEW.site_id, NEW.post_id, NEW.rank, NEW.opened_on, NEW.due_on)
    THEN
        RAISE EXCEPTION 'duty % keeps whose it is and until when', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('open', 'signed'), ('open', 'declined'), ('open', 'excused'), ('open', 'replaced'),
        ('declined', 'signed'), ('declined', 'excused'), ('declined', 'replaced')
    ) THEN
        RAISE EXCEPTION 'duty % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state IN ('signed', 'declined') AND (
        closed IS NOT NULL OR anti_corruption_actor() IS DISTINCT FROM NEW.user_id
    ) THEN
        RAISE EXCEPTION 'duty % is signed or declined by its person alone, while its round is open', OLD.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'signed' AND NOT EXISTS (
        SELECT FROM anti_corruption_declaration d WHERE d.duty_id = NEW.id AND d.replaces_id IS NULL
            AND abs(NEW.signed_on - d.signed_at::date) <= 1
    ) THEN
        RAISE EXCEPTION 'duty % is signed with a declaration', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'declined' AND NOT EXISTS (
        SELECT FROM anti_corruption_refusal r WHERE r.duty_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'duty % is declined with a reason', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.state = 'excused' AND (
        anti_corruption_actor() IS DISTINCT FROM NEW.excused_by_id
        OR NOT anti_corruption_is_officer(NEW.excused_by_id, NEW.site_id)
    ) THEN
        RAISE EXCEPTION 'duty % is excused by an officer of its site, in their own name', OLD.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    -- By an officer, or by the portal itself, for which nobody acts.
    IF NEW.state = 'replaced' AND anti_corruption_actor() IS NOT NULL AND NOT EXISTS (
        SELECT FROM organisation_membership m
        WHERE m.user_id = anti_corruption_actor() AND m.role = 'integrity_officer'
    ) THEN
        RAISE EXCEPTION 'duty % is replaced by an officer', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_guard BEFORE INSERT OR UPDATE OR DELETE ON anti_corruption_duty
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_duty();
CREATE FUNCTION anti_corruption_text_read() {_HEAD}
BEGIN
    IF NOT EXISTS (
        SELECT FROM anti_corruption_duty d JOIN anti_corruption_campaign c ON c.id = d.campaign_id
        WHERE d.id = NEW.duty_id AND d.user_id = anti_corruption_actor()
          AND NEW.version_id IN (c.statement_id, c.conduct_id)
    ) THEN
        RAISE EXCEPTION 'a text is read by the person of the duty, for its round' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER read_by_oneself BEFORE INSERT ON anti_corruption_textread
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_text_read();
CREATE FUNCTION anti_corruption_refusal() {_HEAD}
BEGIN
    IF NOT EXISTS (
        SELECT FROM anti_corruption_duty d
        WHERE d.id = NEW.duty_id AND d.user_id = anti_corruption_actor() AND d.state = 'open'
    ) THEN
        RAISE EXCEPTION 'an open duty is declined by its person' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER declined_by_oneself BEFORE INSERT ON anti_corruption_refusal
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_refusal();
"""

DECLARATIONS: Final = f"""
CREATE FUNCTION anti_corruption_answers_wrong(version bigint, answers jsonb) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    -- Each question once, and to each either nothing at all or details.
    SELECT jsonb_typeof(answers) <> 'array'
        OR (SELECT array_agg(q.kind::text ORDER BY q.kind) FROM anti_corruption_question q WHERE q.version_id = version)
            IS DISTINCT FROM (SELECT array_agg(a->>'kind' ORDER BY a->>'kind') FROM jsonb_array_elements(answers) a)
        OR EXISTS (
            SELECT FROM jsonb_array_elements(answers) a
            WHERE jsonb_typeof(a->'none') IS DISTINCT FROM 'boolean'
               OR (a->>'none')::boolean IS DISTINCT FROM (btrim(coalesce(a->>'details', '')) = '')
        )
$$;
CREATE FUNCTION anti_corruption_declaration() {_HEAD}
DECLARE
    duty anti_corruption_duty;
    round anti_corruption_campaign;
BEGIN
    SELECT * INTO duty FROM anti_corruption_duty d WHERE d.id = NEW.duty_id FOR UPDATE;
    SELECT * INTO round FROM anti_corruption_campaign c WHERE c.id = duty.campaign_id FOR SHARE;
    IF duty.user_id <> NEW.signer_id OR anti_corruption_actor() IS DISTINCT FROM NEW.signer_id THEN
        RAISE EXCEPTION 'a declaration is signed by the person who is asked' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.replaces_id IS NULL AND (duty.state NOT IN ('open', 'declined') OR round.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'duty % is not to be signed now', duty.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM anti_corruption_declaration d WHERE d.id = NEW.replaces_id AND d.duty_id = NEW.duty_id
    ) THEN
        RAISE EXCEPTION 'a correction replaces a declaration of the same duty' USING ERRCODE = '{REFUSED}';
    END IF;
    IF (NEW.statement_id, NEW.conduct_id) IS DISTINCT FROM (round.statement_id, round.conduct_id) OR NOT EXISTS (
        SELECT FROM anti_corruption_documentversion s, anti_corruption_documentversion c
        WHERE s.id = NEW.statement_id AND s.sha256 = NEW.statement_sha256
          AND c.id = NEW.conduct_id AND c.sha256 = NEW.conduct_sha256
    ) THEN
        RAISE EXCEPTION 'what is signed are the texts of the round, as they were issued' USING ERRCODE = '{REFUSED}';
    END IF;
    IF (
        SELECT count(DISTINCT r.version_id) FROM anti_corruption_textread r
        WHERE r.duty_id = NEW.duty_id AND r.language = NEW.language
          AND r.version_id IN (NEW.statement_id, NEW.conduct_id)
    ) <> 2 THEN
        RAISE EXCEPTION 'both texts are read before they are signed' USING ERRCODE = '{REFUSED}';
    END IF;
    IF anti_corruption_answers_wrong(NEW.statement_id, NEW.answers) THEN
        RAISE EXCEPTION 'every question is answered, with nothing to declare or with details'
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF NOT anti_corruption_is_now(NEW.signed_at) THEN
        RAISE EXCEPTION 'a declaration carries the time of its signing' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_rightly BEFORE INSERT ON anti_corruption_declaration
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_declaration();
CREATE FUNCTION anti_corruption_declaration_end() {_HEAD}
BEGIN
    IF (SELECT d.state FROM anti_corruption_duty d WHERE d.id = NEW.duty_id) <> 'signed' THEN
        RAISE EXCEPTION 'declaration % leaves its duty open', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF (
        SELECT array_agg(a->>'kind' ORDER BY a->>'kind') FROM jsonb_array_elements(NEW.answers) a
        WHERE NOT (a->>'none')::boolean AND a->>'kind' <> 'wrongdoing'
    ) IS DISTINCT FROM (
        SELECT array_agg(c.kind::text ORDER BY c.kind) FROM anti_corruption_conflict c WHERE c.declaration_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'declaration % does not have its conflicts', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER signed_wholly AFTER INSERT ON anti_corruption_declaration
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION anti_corruption_declaration_end();
CREATE FUNCTION anti_corruption_conflict() {_HEAD}
BEGIN
    IF NOT EXISTS (
        SELECT FROM anti_corruption_declaration d, jsonb_array_elements(d.answers) a
        WHERE d.id = NEW.declaration_id AND d.signer_id = anti_corruption_actor()
          AND a->>'kind' = NEW.kind AND NOT (a->>'none')::boolean
    ) THEN
        RAISE EXCEPTION 'a conflict follows from an answer, when it is signed' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows_from_answer BEFORE INSERT ON anti_corruption_conflict
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_conflict();
CREATE FUNCTION anti_corruption_named() {_HEAD}
DECLARE
    told record;
BEGIN
    SELECT d.signer_id, d.signed_at, duty.site_id INTO told FROM anti_corruption_conflict c
    JOIN anti_corruption_declaration d ON d.id = c.declaration_id
    JOIN anti_corruption_duty duty ON duty.id = d.duty_id
    WHERE c.id = NEW.conflict_id FOR UPDATE OF duty;
    IF NEW.added_by_id IS NULL AND (
        anti_corruption_actor() IS DISTINCT FROM told.signer_id OR NOT anti_corruption_is_now(told.signed_at)
    ) OR NEW.added_by_id IS NOT NULL AND (
        anti_corruption_actor() IS DISTINCT FROM NEW.added_by_id OR NEW.added_by_id = told.signer_id
        OR NOT anti_corruption_is_officer(NEW.added_by_id, told.site_id)
    ) THEN
        RAISE EXCEPTION 'names are added when it is signed, or by an officer of the site' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER named_in_own_name BEFORE INSERT ON anti_corruption_concernedperson
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_named();
CREATE TRIGGER named_in_own_name BEFORE INSERT ON anti_corruption_namedpartner
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_named();
CREATE FUNCTION anti_corruption_decision() {_HEAD}
DECLARE
    place bigint;
BEGIN
    -- The duty is what a correction and whoever names people lock too.
    SELECT duty.site_id INTO place FROM anti_corruption_conflict c
    JOIN anti_corruption_declaration d ON d.id = c.declaration_id
    JOIN anti_corruption_duty duty ON duty.id = d.duty_id
    WHERE c.id = NEW.conflict_id FOR UPDATE OF duty;
    IF anti_corruption_actor() IS DISTINCT FROM NEW.decided_by_id
        OR NOT anti_corruption_is_officer(NEW.decided_by_id, place) THEN
        RAISE EXCEPTION 'an officer of the site decides, in their own name' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NOT anti_corruption_is_now(NEW.decided_at) THEN
        RAISE EXCEPTION 'a decision carries its time' USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (
        SELECT FROM anti_corruption_conflict c JOIN anti_corruption_declaration d ON d.id = c.declaration_id
        WHERE c.id = NEW.conflict_id AND d.signer_id = NEW.decided_by_id
    ) OR EXISTS (
        SELECT FROM anti_corruption_concernedperson p
        WHERE p.conflict_id = NEW.conflict_id AND p.user_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'nobody decides about what concerns themselves' USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (
        SELECT FROM anti_corruption_conflict c
        JOIN anti_corruption_declaration later ON later.replaces_id = c.declaration_id
        WHERE c.id = NEW.conflict_id
    ) THEN
        RAISE EXCEPTION 'the declaration of conflict % was replaced', NEW.conflict_id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_by_another BEFORE INSERT ON anti_corruption_decision
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_decision();
"""

REGISTERS: Final = f"""
CREATE FUNCTION anti_corruption_gift() {_HEAD}
DECLARE
    rules anti_corruption_integritysettings;
BEGIN
    SELECT * INTO rules FROM anti_corruption_integritysettings LIMIT 1;
    IF anti_corruption_actor() IS DISTINCT FROM NEW.receiver_id THEN
        RAISE EXCEPTION 'everybody registers their own gifts' USING ERRCODE = '{REFUSED}';
    END IF;
    IF (NEW.threshold_cny, NEW.days_allowed::int) IS DISTINCT FROM (rules.gift_threshold_cny, rules.gift_days::int) THEN
        RAISE EXCEPTION 'a gift follows the settings of its day' USING ERRCODE = '{REFUSED}';
    END IF;
    IF abs(NEW.registered_on - clock_timestamp()::date) > 1 THEN
        RAISE EXCEPTION 'a gift carries the day of its registration' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.registered_on - NEW.received_on > NEW.days_allowed AND NEW.late_because = '' THEN
        RAISE EXCEPTION 'a gift that is registered late says why' USING ERRCODE = '{REFUSED}';
    END IF;
    PERFORM 1 FROM anti_corruption_gift g WHERE g.id = NEW.replaces_id FOR UPDATE;
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM anti_corruption_gift g WHERE g.id = NEW.replaces_id AND g.receiver_id = NEW.receiver_id
            AND g.site_id = NEW.site_id AND g.id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'an entry replaces one''s own, at the same site' USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (SELECT FROM anti_corruption_gifthandling h WHERE h.gift_id = NEW.replaces_id) THEN
        RAISE EXCEPTION 'gift % is settled and its entry stays', NEW.replaces_id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registered_by_oneself BEFORE INSERT ON anti_corruption_gift
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_gift();
CREATE FUNCTION anti_corruption_gift_handling() {_HEAD}
DECLARE
    gift anti_corruption_gift;
BEGIN
    SELECT * INTO gift FROM anti_corruption_gift g WHERE g.id = NEW.gift_id FOR UPDATE;
    IF NEW.confirmed_by_id = gift.receiver_id OR anti_corruption_actor() IS DISTINCT FROM NEW.confirmed_by_id
        OR NOT anti_corruption_is_officer(NEW.confirmed_by_id, gift.site_id) THEN
        RAISE EXCEPTION 'what became of a gift is confirmed by an officer who is not the receiver'
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF NOT anti_corruption_is_now(NEW.confirmed_at) THEN
        RAISE EXCEPTION 'a confirmation carries its time' USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (SELECT FROM anti_corruption_gift later WHERE later.replaces_id = gift.id) THEN
        RAISE EXCEPTION 'the entry of gift % was replaced', gift.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.handling = 'kept' AND (gift.is_cash OR gift.value_cny >= gift.threshold_cny) THEN
        RAISE EXCEPTION 'gift % cannot be kept', gift.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.handled_on < gift.received_on THEN
        RAISE EXCEPTION 'gift % was handled before it was received', gift.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER confirmed_by_another BEFORE INSERT ON anti_corruption_gifthandling
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_gift_handling();
CREATE FUNCTION anti_corruption_own_name() {_HEAD}
BEGIN
    -- The argument is the column that names the person.
    IF anti_corruption_actor() IS DISTINCT FROM (to_jsonb(NEW)->>TG_ARGV[0])::bigint THEN
        RAISE EXCEPTION 'rows of % are written in one''s own name', TG_TABLE_NAME USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_own_name BEFORE INSERT ON anti_corruption_concludedcase
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_own_name('entered_by_id');
CREATE FUNCTION anti_corruption_case() {_HEAD}
BEGIN
    IF NOT anti_corruption_is_officer(NEW.entered_by_id, NEW.site_id) THEN
        RAISE EXCEPTION 'a case is entered by an officer of its site' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM anti_corruption_concludedcase c
        WHERE c.id = NEW.replaces_id AND c.id <> NEW.id AND anti_corruption_is_officer(NEW.entered_by_id, c.site_id)
    ) THEN
        RAISE EXCEPTION 'a correction replaces another entry that its officer may keep' USING ERRCODE = '{REFUSED}';
    END IF;
    IF NOT anti_corruption_is_now(NEW.entered_at) THEN
        RAISE EXCEPTION 'an entry carries its time' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entered_by_officer BEFORE INSERT ON anti_corruption_concludedcase
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_case();
CREATE TRIGGER in_own_name BEFORE INSERT ON anti_corruption_opening
    FOR EACH ROW EXECUTE FUNCTION anti_corruption_own_name('reader_id');
"""

FUNCTIONS: Final = PEOPLE + DOCUMENTS + DUTIES + DECLARATIONS + REGISTERS
# Each with its table and its function; a function that serves several stands with the last of them.
TRIGGERS: Final = (
    ("version_guard", "documentversion", "version"),
    ("question_guard", "question", "question"),
    ("campaign_guard", "campaign", "campaign"),
    ("duty_guard", "duty", "duty"),
    ("read_by_oneself", "textread", "text_read"),
    ("declined_by_oneself", "refusal", "refusal"),
    ("signed_rightly", "declaration", "declaration"),
    ("signed_wholly", "declaration", "declaration_end"),
    ("follows_from_answer", "conflict", "conflict"),
    ("named_in_own_name", "concernedperson", ""),
    ("named_in_own_name", "namedpartner", "named"),
    ("decided_by_another", "decision", "decision"),
    ("registered_by_oneself", "gift", "gift"),
    ("confirmed_by_another", "gifthandling", "gift_handling"),
    ("in_own_name", "concludedcase", ""),
    ("entered_by_officer", "concludedcase", "case"),
    ("in_own_name", "opening", "own_name"),
)
NO_FUNCTIONS: Final = (
    "\n".join(
        f"DROP TRIGGER {trigger} ON anti_corruption_{table};"
        + (f"\nDROP FUNCTION anti_corruption_{function}();" if function else "")
        for trigger, table, function in TRIGGERS
    )
    + "\nDROP FUNCTION anti_corruption_answers_wrong(bigint, jsonb);\nDROP FUNCTION anti_corruption_actor();"
    + "\nDROP FUNCTION anti_corruption_is_officer(bigint, bigint);"
    + "\nDROP FUNCTION anti_corruption_is_now(timestamptz);"
)
