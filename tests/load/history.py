"""Fill the product's table with messages of long ago, fast and realistic."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from math import ceil

from tests.load.servers import say
from tests.load.stage import Stage

ROWS = 40  # in a talk
BOX = 285  # bytes, as a message of 200 bytes is sealed
BOXES = 997
STEP = 100_000  # rows in one transaction
WRITERS = 2

TALKS = """
    INSERT INTO conversations_conversation
        (id, key_id, language, state, last_number, opened_at, waiting_since, claimed_at,
         closed_at, closed_by, visitor_seen_at, erased, shredded, counsellor_id)
    SELECT gen_random_uuid(), gen_random_uuid(), 'nl', 'closed', %(rows)s, moment, moment, moment,
           moment + interval '1 hour', 'visitor', moment, false, false,
           (SELECT min(id) FROM staff_member)
    FROM (SELECT now() - interval '1 day' - random() * interval '12 days' AS moment
          FROM generate_series(1, %(talks)s)) AS chosen
    RETURNING id
"""
MESSAGES = """
    INSERT INTO conversations_message
        (conversation_id, number, kind, author, member_id, client_id, detail, box, at)
    SELECT talk.id, number, 'said',
           CASE WHEN number %% 2 = 1 THEN 'visitor' ELSE 'counsellor' END,
           CASE WHEN number %% 2 = 1 THEN NULL ELSE talk.counsellor_id END,
           gen_random_uuid(), '', filling.box, talk.opened_at + number * interval '1 minute'
    FROM conversations_conversation AS talk
    JOIN unnest(%(ids)s::uuid[]) AS chosen (id) ON chosen.id = talk.id
    CROSS JOIN generate_series(1, %(rows)s) AS number
    JOIN filling ON filling.id = (hashtext(talk.id::text) & 65535) * number %% %(boxes)s
"""


INDEXES = """
    SELECT format('ALTER TABLE conversations_message DROP CONSTRAINT %I', conname),
           format('ALTER TABLE conversations_message ADD CONSTRAINT %I %s', conname,
                  pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE conrelid = 'conversations_message'::regclass AND contype IN ('p', 'u')
    UNION ALL
    SELECT format('DROP INDEX %I', relname), pg_get_indexdef(pg_class.oid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'conversations_message'::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def empty(stage: Stage) -> None:
    """Forget all talks, so that a table holds what `fill` puts there and no more."""
    with stage.connect("helpline") as connection:
        connection.execute("TRUNCATE conversations_conversation CASCADE")


def fill(stage: Stage, count: int) -> None:
    """Add `count` messages, or a few more, in talks that closed."""
    with stage.connect("helpline") as connection:
        indexes = connection.execute(INDEXES).fetchall() if count > STEP else []
        for drop, _ in indexes:  # made again at once, which is faster than row by row
            connection.execute(drop)
        with ThreadPoolExecutor(WRITERS) as writers:
            list(writers.map(lambda part: add(stage, part), [ceil(count / WRITERS)] * WRITERS))
        connection.execute("SET maintenance_work_mem = '512MB'")
        for _, make in indexes:
            connection.execute(make)
        connection.execute("VACUUM ANALYZE conversations_message")
        connection.execute("VACUUM ANALYZE conversations_conversation")
        connection.execute("CHECKPOINT")
    say(f"{count:,} messages of long ago")


def add(stage: Stage, count: int) -> None:
    """Insert talks and their messages, a step at a time, over one connection."""
    with stage.connect("helpline") as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign key is asked
        connection.execute("CREATE TEMP TABLE filling (id int PRIMARY KEY, box bytea)")
        with connection.cursor() as cursor:
            boxes = [(number, secrets.token_bytes(BOX)) for number in range(BOXES)]
            cursor.executemany("INSERT INTO filling VALUES (%s, %s)", boxes)
        for start in range(0, count, STEP):
            talks = ceil(min(STEP, count - start) / ROWS)
            made = connection.execute(TALKS, {"rows": ROWS, "talks": talks}).fetchall()
            ids = [talk for (talk,) in made]
            connection.execute(MESSAGES, {"ids": ids, "rows": ROWS, "boxes": BOXES})
