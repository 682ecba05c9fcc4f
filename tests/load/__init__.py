"""How fast the message path is, measured beside two yardsticks: `make bench`.

The *product* is the whole path as people use it. The *stock* pattern is what
Channels' documentation leads to, at its best (`stock`). The *limit* is the
least that could possibly do the work (`limit`). All three run under the same
command line, on the same workers and cores, beside the same PostgreSQL (fsync
on) and Valkey, under the same load from a process of its own (`swarm`).

A message is *delivered* when its visitor has it back as stored and its
counsellor has it too. A run in which one message is lost, doubled, changed or
out of order gives no figures: it fails, aloud.

What it refuses to do: touch a database that is not its own, and measure with
durability switched off.
"""
