"""The ground of the house: what every part stands on.

Root files (settings, urls, asgi, celery, wiring) see everything and are seen
by none. The packages beside them are ground: staff, vault, audit, live, ops.
`helpline` never imports `chat` or `triage`, except in those root files.
"""
