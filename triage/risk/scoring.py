"""From coded answers to a level with its reasons. Pure.

The rules are data. Each gives its reason and the least level it asks for; the
level is the highest that any rule asks. Answers alone never make somebody
acute, because that needs to know what is about to happen.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, Protocol


class Level(StrEnum):
    """How soon, from the first to be helped to the last."""

    ACUTE = "acute"
    URGENT = "urgent"
    ELEVATED = "elevated"
    ROUTINE = "routine"

    @property
    def rank(self) -> int:
        """0 is helped first."""
        return list(Level).index(self)


class Answers(Protocol):
    """The coded answers; empty is not asked, `skipped` is not told."""

    @property
    def safe_now(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def age_band(self) -> str: ...


class Scored(NamedTuple):
    """A level and the codes of the rules that asked for attention, heaviest first."""

    level: Level
    reasons: tuple[str, ...]


class Rule(NamedTuple):
    reason: str
    level: Level
    applies: Callable[[Answers], bool]


RISK_TOPICS = frozenset({"images", "forced_sex_money", "drugs_crime", "runaway"})
UNDER_16 = frozenset({"0-11", "12-15"})

RULES = (
    Rule("safe_no", Level.URGENT, lambda said: said.safe_now == "no"),
    Rule(
        "under16",
        Level.URGENT,
        lambda said: said.topic in RISK_TOPICS and said.age_band in UNDER_16,
    ),
    Rule("topic_forced_sex_money", Level.ELEVATED, lambda said: said.topic == "forced_sex_money"),
    Rule("topic_images", Level.ELEVATED, lambda said: said.topic == "images"),
    Rule("topic_drugs_crime", Level.ELEVATED, lambda said: said.topic == "drugs_crime"),
    Rule("topic_runaway", Level.ELEVATED, lambda said: said.topic == "runaway"),
)
REASONS = tuple(rule.reason for rule in RULES)


def score(answers: Answers) -> Scored:
    """The level these answers ask for, with the reasons. No answer is routine."""
    found = [rule for rule in RULES if rule.applies(answers)]
    levels = [rule.level for rule in found] or [Level.ROUTINE]
    return Scored(highest(*levels), tuple(rule.reason for rule in found))


def raised(before: Scored, after: Scored) -> Scored:
    """What stands when `after` is found where `before` stood: never lower, no reason lost."""
    known = set(before.reasons) | set(after.reasons)
    return Scored(highest(before.level, after.level), in_order(known))


def highest(*levels: Level) -> Level:
    """The one that is helped first."""
    return min(levels, key=lambda level: level.rank)


def in_order(reasons: set[str]) -> tuple[str, ...]:
    """The reasons, heaviest first; those of rules we no longer have come last."""
    gone = sorted(reasons.difference(REASONS))
    return (*(reason for reason in REASONS if reason in reasons), *gone)
