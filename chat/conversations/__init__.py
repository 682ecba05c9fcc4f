"""The post office: every word and every change of a talk goes through here.

A *conversation* is one visitor's talk, from the first hello to the shredded
key. Its *rows* are numbered 1..N without a gap: what was *said* and every
change of state (waiting, claimed, returned, transferred, closed) stand in the
same order for everybody. The number is given under the conversation's row
lock, so whoever knows the last number it saw can always ask for the rest.

What it refuses to do: store a word that is not sealed under the talk's own
key, give a number twice, tell anybody before the commit, or let a closed talk
open again by itself.
"""
