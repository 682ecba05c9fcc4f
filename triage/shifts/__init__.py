"""Who is on duty, and whether the door is open.

*Presence* is what a counsellor says (here, pause, off) together with the last
sign of life of their desk: whoever says "here" but is not there counts as
absent. *Opening hours* are rows in local time; a row may cross midnight. The
*door* can be closed by hand at any moment, and opened again, whatever the
hours say.

What it refuses to do: be open because something is missing. Without hours the
door is closed, and the closed door tells who is there.
"""
