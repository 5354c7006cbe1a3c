"""What the database itself refuses about tokens.

* ``api_token``: a token ends within a year, is only ever revoked, for good, and is never deleted.
* ``api_token_scope``: at the end of the transaction it names sites, or reads the whole group, not both.
* ``api_token_site``: its sites are named in the transaction that makes it, and stay.
"""

from typing import Final

from apps.audit.triggers import REFUSED

_HEAD: Final = "RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$"

TOKENS: Final = f"""
CREATE FUNCTION api_token() {_HEAD}
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'token % is kept; revoke it', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    IF TG_OP = 'INSERT' THEN
        -- A day of room: the portal may count its days in another time zone.
        IF NEW.expires_on > current_date + 367 THEN
            RAISE EXCEPTION 'a token ends within a year' USING ERRCODE = '{REFUSED}';
        END IF;
        IF NEW.revoked_at IS NOT NULL OR NEW.created_at <> transaction_timestamp() THEN
            RAISE EXCEPTION 'a token starts now and is not revoked yet' USING ERRCODE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.id, OLD.name, OLD.owner_id, OLD.prefix, OLD.sha256, OLD.whole_group, OLD.expires_on, OLD.created_by_id,
            OLD.created_at)
        IS DISTINCT FROM (NEW.id, NEW.name, NEW.owner_id, NEW.prefix, NEW.sha256, NEW.whole_group, NEW.expires_on,
            NEW.created_by_id, NEW.created_at)
    THEN
        RAISE EXCEPTION 'token % stays as it was made; revoke it and make another', OLD.id
            USING ERRCODE = '{REFUSED}';
    END IF;
    IF OLD.revoked_at IS NOT NULL
        AND (OLD.revoked_at, OLD.revoked_by_id) IS DISTINCT FROM (NEW.revoked_at, NEW.revoked_by_id)
    THEN
        RAISE EXCEPTION 'token % is revoked for good', OLD.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON api_apitoken
    FOR EACH ROW EXECUTE FUNCTION api_token();
CREATE FUNCTION api_token_scope() {_HEAD}
BEGIN
    IF NEW.whole_group = EXISTS (SELECT FROM api_apitokensite s WHERE s.token_id = NEW.id) THEN
        RAISE EXCEPTION 'token % names sites or reads the whole group', NEW.id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER scope AFTER INSERT ON api_apitoken DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION api_token_scope();
CREATE FUNCTION api_token_site() {_HEAD}
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'the sites of token % stay', OLD.token_id USING ERRCODE = '{REFUSED}';
    END IF;
    IF EXISTS (
        SELECT FROM api_apitoken t WHERE t.id = NEW.token_id AND t.created_at <> transaction_timestamp()
    ) THEN
        RAISE EXCEPTION 'token % gets no further sites', NEW.token_id USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON api_apitokensite
    FOR EACH ROW EXECUTE FUNCTION api_token_site();
"""
NO_TOKENS: Final = """
DROP TRIGGER guard ON api_apitokensite;
DROP FUNCTION api_token_site();
DROP TRIGGER scope ON api_apitoken;
DROP FUNCTION api_token_scope();
DROP TRIGGER guard ON api_apitoken;
DROP FUNCTION api_token();
"""
