"""The audit: who did what, in an order nobody can quietly change.

Every entry holds codes and ids only: the **actor** (a team member's id, or
nobody for the system and for visitors) and the role they acted in, the
**verb**, the **subject** with a **reference**, and the **outcome**; the time is
kept to the hour. A talk is named by a handle that is keyed with the talk's own
data key (`SealingKey.handle("audit")`), so the entries stay and lose their
meaning when the talk is shredded: history is never rewritten.

The entries form a **chain**. Each has the next number, repeats the hash of the
one before it (`previous`) and has a hash of its own: HMAC-SHA256 over that and
its content, under `AUDIT_KEY`, which is in no database. The **head** is one row
that holds the number and hash of the last entry. Whoever holds the **pen** (the
lock on the head) writes next, so there is one writer at a time.

What callers use::

    from helpline.audit import actions as audit
    from helpline.audit.models import Role, Subject, Verb

    audit.record(verb=Verb.CLAIMED, actor=member.pk, role=Role.COUNSELLOR,
                 subject=Subject.TALK, reference=handle)

    audit.record_apart(verb=Verb.DENIED, …, outcome="not_yours")

`record` writes in the caller's transaction: both happen or neither. It takes
the pen, which the whole house shares until the commit, so it is the **last**
thing a transaction does. `record_apart` stays when the caller rolls back: for
attempts that failed.

What it refuses. The database itself refuses to change, delete or truncate an
entry or the head, and to insert an entry that does not follow the head; the
web role has SELECT and INSERT and no more. Text is refused too: every column
takes only characters that codes are made of. There is no setting that turns
recording off. (One exception serves our tests: in a database whose name begins
with `test_`, as Django names those it makes, the owner may truncate.)

`verify_audit` holds every entry against the chain and says which were edited,
are missing or were smuggled in; the beat does the same every hour and logs
`audit_broken`.

What it cannot do: hide from somebody who has both the database's owner role
and `AUDIT_KEY`, or see that the owner put head and tail back together to an
older state. Against the second, keep the line "Stand" of `verify_audit` somewhere
else; `verify_audit --witness NUMBER:HASH` then holds the chain against it.
"""
