"""The doorbell: what makes it fast, and what nothing depends on.

*Protocol*: typed frames; unknown fields are refused, sizes bounded.
*Hub*: one for each process. It holds one Redis subscription for everybody
here, and rings the *ears* of sockets. A *knock* says only that there is
something to fetch (a channel, a kind, a number); whoever hears it pulls from
the database by number. Knocks may be lost, doubled or late, and a slow socket
only ever holds one knock of each kind.

What it refuses to do: carry a word, store anything, or let a slow reader
delay another.
"""
