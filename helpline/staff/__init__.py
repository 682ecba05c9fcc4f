"""The people of the team: who they are, how they come in, and what they may do.

A *member* is one person of the team, known inside by name and to visitors by
an *alias*. Members come by *invitation*: a link that works once, for 72 hours.
A member signs in with a password and a *second factor* (a code from a phone);
ten *recovery codes* on paper stand in when the phone is gone. Only both steps
together make a session *verified*; whatever is dangerous asks for a fresh code
again (*step-up*). A *role* says what a verified member may do.

What it refuses to do: let anybody in with a password alone, say whether an
account exists, keep a session alive past its limits or its member's rights,
remember an address or a device, and let one admin alone replace somebody's
second factor. Secrets of second factors are sealed; tokens, recovery codes
and session keys are stored as digests only. Members are disabled, never
deleted: the audit and old talks keep pointing at them.
"""
