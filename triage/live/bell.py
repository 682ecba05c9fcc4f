"""The name of the board's bell and of its one kind of knock."""

BOARD, CHANGED = "board", "changed"
