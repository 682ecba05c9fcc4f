"""The post office: every word and every change of a talk goes through here.

A *conversation* is one visitor's talk, from the first hello to the shredded
key. Its *rows* are numbered 1..N without a gap: what was *said* and every
change of state (waiting, claimed, returned, transferred, closed) stand in the
same order for everybody. A row is written under the conversation's row lock,
and only with the number that is the next one under that lock; so whoever knows
the last number it saw can always ask for the rest.

What is said is posted for many talks in one commit (`actions.posting`), and
read for many at once (`pages`). Each message keeps its own rules, number and
refusal, and no talk waits for another.

What it refuses to do: store or send on a word that is not sealed under the
talk's own key, give a number twice, tell anybody before the commit, or let a
closed talk open again by itself.
"""
