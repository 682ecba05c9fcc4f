"""Let the database itself keep the audit: append in order, and nothing else.

The functions that write run as the owner of the tables, with a fixed search
path; the web role gets its few rights from helpline/audit/rights.py.
"""

from typing import ClassVar

from django.db import migrations

APPEND = """
CREATE FUNCTION audit_take_pen() RETURNS TABLE (number bigint, hash bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT h.number, h.hash FROM audit_head h FOR UPDATE
$$;
COMMENT ON FUNCTION audit_take_pen() IS
    'Locks the head until the commit, so that one transaction at a time writes.';

CREATE FUNCTION audit_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_head%ROWTYPE;
BEGIN
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    IF NEW.number IS DISTINCT FROM head.number + 1
        OR NEW.previous IS DISTINCT FROM head.hash
        OR octet_length(NEW.hash) IS DISTINCT FROM 32
        OR NEW.hour IS DISTINCT FROM date_trunc('hour', NEW.hour, 'UTC')
    THEN
        RAISE EXCEPTION 'audit: entry does not follow entry %', head.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE audit_head SET number = NEW.number, hash = NEW.hash;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_entry_follows BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_follow();
"""

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'audit: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
-- At depth 0 somebody asks for it directly; audit_follow() asks one level down.
CREATE TRIGGER audit_head_moves_by_entries BEFORE UPDATE ON audit_head
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_refuse();
"""

# Django empties the tables of its test database between tests. That database
# is told by the name Django gives it, which no session can set or change.
TRUNCATE = r"""
CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT WHEN (current_database() NOT LIKE 'test\_%')
    EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_not_emptied BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT WHEN (current_database() NOT LIKE 'test\_%')
    EXECUTE FUNCTION audit_refuse();

CREATE FUNCTION audit_restart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_head (id, number, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));
    RETURN NULL;
END $$;

CREATE TRIGGER audit_head_restarts AFTER TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_restart();
"""

UNDO = """
DROP FUNCTION audit_take_pen();
DROP FUNCTION audit_follow() CASCADE;
DROP FUNCTION audit_refuse() CASCADE;
DROP FUNCTION audit_restart() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(APPEND + REFUSE + TRUNCATE, UNDO)]
