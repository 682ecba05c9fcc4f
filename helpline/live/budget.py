"""How much one socket may ask, pure: a bucket that refills with time."""


class Budget:
    """At most `rate` a second, with `burst` saved up. Times are seconds, monotonic.

    `overdrawn` counts what was asked beyond the budget; it wears off at the same rate.
    """

    def __init__(self, *, rate: float, burst: float, start: float) -> None:
        self.rate, self.burst = rate, burst
        self.left, self.at = burst, start
        self.overdrawn = 0.0

    def spend(self, at: float) -> bool:
        """Take one; False when there is none left."""
        earned = (at - self.at) * self.rate
        self.left = min(self.burst, self.left + earned)
        self.overdrawn = max(0.0, self.overdrawn - earned)
        self.at = at
        if self.left < 1:
            self.overdrawn += 1
            return False
        self.left -= 1
        return True
