"""What the garbage collector is told, once everything is loaded.

What was loaded stays for good, and what a message needs dies by itself, for
nearly nothing in this house holds on to itself in a circle. Looking for such
circles among the objects of thousands of sockets took a third of the time of a
busy process and held everybody up (docs/performance.md). So it looks seldom.
"""

import gc

SELDOM = (50_000, 50, 100)  # new objects, and rounds of the younger two generations


def settle() -> None:
    """Leave what is loaded out of every search for garbage, and search seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
