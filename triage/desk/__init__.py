"""The counsellor's desk: the line, up to three talks side by side, and what belongs to them.

The desk owns no table. It composes the talks (chat) with the line, the levels
and the shift (triage), and hands every wish to their actions. Every verb
answers a script with JSON and a plain form with the desk itself.

What it refuses to do: show a talk to somebody whose talk it is not, a
coordinator among them, keep a draft anywhere but in the page's memory, or move
what is under somebody's pointer.
"""
