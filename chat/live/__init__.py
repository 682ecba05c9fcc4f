"""A talk's live road: frames in and out, over a socket or by plain HTTP.

The contract is in docs/protocol.md: pull by number is what counts, a socket
only makes it fast. Both ends say `resume` when they connect, wake up, see a
gap, and every ten seconds; the answer is whatever they do not have yet.
"""
