"""The doorbell and the message path: what makes it fast, and what nothing depends on.

*Protocol*: typed frames; unknown fields are refused, sizes bounded.
*Consumer*: one socket, which never waits for another. *Outbox*: what it is
still to be sent, bounded. *Rounds*: every open socket is asked about now and
then; one that sleeps has no task, timer or query of its own.
*Together*: what many sockets ask the database is one call. *Writer*: what they
write is one commit, and nobody hears of it before.
*Hub*: one for each process. It holds one *wire* to each Redis for everybody
here, and rings the *ears* of sockets. A *knock* says that there is something to
fetch (a channel, a kind, a number), and may bring a sealed copy of it. Knocks
may be lost, doubled, late or forged: whoever cannot use one pulls from the
database by number, and a slow socket only ever holds one of each kind.

What it refuses to do: carry a word that Redis could read, store anything
there, acknowledge before the commit, let what waits grow without bound, or let
a slow reader or a slow talk delay another.
"""
