"""The line: who waits, in which order, and who takes whom.

A *place* is one waiting talk's spot. The *order* is made from levels, waiting
times and whose turn it is: acute first and never overtaken by age; then whoever
was given back because a counsellor fell away; then by level, inside a level
the longest waiting; and every fifth *pick* that is not acute goes to the
longest waiting of all. Whoever has n people ahead by waiting time is therefore
picked within 5(n+1) such picks. A *claim* is atomic: one winner, and everybody
else is told it is taken.

Only visitors who are really there are counted and shown: whoever gives no sign
of life keeps the place for some minutes, unseen, and has it again on return.

Locks are taken in one order, so that nobody waits for each other: presence,
turn, place, conversation, the audit's head.

What it refuses to do: forget anybody, or give a talk to somebody who is absent
or has their hands full.
"""
