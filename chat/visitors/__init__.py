"""The visitor's side: a door, five questions, a room, and the way out.

A *ticket* is the only thing that links a browser to a talk: an opaque cookie
for this session only, of which we keep a digest. Its CSRF secret and language
live with us. There is one address for the whole visit; what it shows follows
from the state of the talk.

What it refuses to do: ask who somebody is, keep where they come from, or write
anything into the browser beyond that one cookie.
"""
