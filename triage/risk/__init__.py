"""How soon somebody must be helped, and why: a level with its reasons.

An *assessment* is one of four *levels* (acute, urgent, elevated, routine) and
the *reasons* that led there: codes of rules, never words of the visitor. For
now the rules read only the coded answers; what is written while waiting comes
later, in the same shape.

A level goes up by itself and down only by a person: whoever once said to be in
danger and then changes the answer, perhaps with somebody beside them, keeps
their place.

What it refuses to do: hide or refuse anybody because of a level. It only
orders.
"""
