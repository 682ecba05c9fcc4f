"""A talk's live road: frames in and out, over a socket or by plain HTTP.

The contract is in docs/protocol.md: pull by number is what counts, a socket
only makes it fast. Both ends say `resume` when they connect, wake up, see a
gap, and every ten seconds; the answer is whatever they do not have yet.

*Delivery* is the contract, for many readers and speakers at once. A *reading*
is how far one socket is in one talk. A *copy* is a row that came sealed with
its knock: it is sent at once when it is the next one for this reading, its key
is at hand and the right to read was found to hold a moment ago.

What it refuses to do: send a row to somebody whose right was not asked, skip
one, send one twice unasked, or show a counsellor a copy from before it was
their talk or before the audit knows of the reading.
"""
