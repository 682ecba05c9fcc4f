"""The vault: where words become unreadable, and stay so once their key is gone.

Every thing we seal (a talk, a handover, a team member's second factor) has a
**data key** of its own: 256 random bits, known by a UUID. The row of the thing
keeps that UUID; the key itself lies in a database of its own, wrapped under a
**master key** that is in no database at all (`MASTER_KEYS`). Destroy the data
key and what was sealed under it is gone everywhere at once, from backups too
as soon as the backups of the keys have aged out.

What callers use::

    from helpline.vault import actions as vault_actions, held, queries as vault

    key_id = vault_actions.forge()      # committed before the row that needs it
    key = vault.open_key(key_id)        # raises Shredded once it is destroyed
    box = key.seal("…", place=f"conversation:{pk}/message:7")
    key.open(box, place=…)              # raises Tampered anywhere else
    key.handle("audit")                 # a name that dies with the key
    vault_actions.destroy(key_id)       # after the row that used it
    keys = held.open_keys(key_ids)      # of talks that go on: many, by one query or none

Its words:

- **box**: version byte, 12 random bytes (nonce), AES-256-GCM ciphertext with
  its tag. The text inside is padded to steps of 256 bytes, so a box tells only
  in which bucket its length falls.
- **place**: where a box belongs, as a string of ours. Place, key and version
  are bound to the box: moved to another row it does not open.
- **handle**: a keyed name (HMAC) of the thing, for tables that must outlive it.
- **master key**: `id:base64url`, newest first. The newest wraps; the older ones
  only unwrap, until `rotate_keys` has left nothing under them.

To rotate: `make_key`, put the new one first in `MASTER_KEYS`, restart, run
`rotate_keys`, see with `rotate_keys --check` that nothing is left under the
old one, remove it, restart. The boxes themselves are never touched.

What it refuses: to keep a key between calls, with one exception; to show or
pickle one, to open a box whose every bit is not as it was, to forge or destroy
inside a transaction that may still be rolled back, and to sweep away more
orphans than a sweep can plausibly have. Nothing else in the house imports
`cryptography`.

The exception is `held`: a talk would pay a visit to the keys database for every
message, so its key stays in the memory of a process for at most 60 seconds, and
at most 10,000 of them. It is never in a cache, in Redis or on disk, and a key
that is destroyed is let go at once where that happens.
"""
