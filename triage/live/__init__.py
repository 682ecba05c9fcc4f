"""The board's live road: the line, my talks and my colleagues, as one frame.

Whoever works the desk has one socket for this beside the socket of the talks.
A knock makes the board be fetched at once; every three seconds it is fetched
anyway and sent when it changed, so nothing depends on hearing a knock. An
*alert* says that somebody new needs attention, never who or what.

A *beat* from the page is the counsellor's sign of life. The beat says whether
hand or eye moved since the last one; only then does the login stay awake.
"""
