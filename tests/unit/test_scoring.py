"""Levels from answers: the rules as facts."""

from itertools import product
from types import SimpleNamespace

import pytest

from triage.risk import words
from triage.risk.scoring import REASONS, RISK_TOPICS, UNDER_16, Level, Scored, raised, score

SAFE = ["", "yes", "unsure", "no", "skipped"]
TOPICS = ["", "home", "images", "forced_sex_money", "drugs_crime", "online", "runaway", "other"]
AGES = ["", "0-11", "12-15", "16-17", "18-23", "24+", "skipped"]


def said(safe_now: str = "", topic: str = "", age_band: str = "") -> SimpleNamespace:
    return SimpleNamespace(safe_now=safe_now, topic=topic, age_band=age_band)


def test_who_says_nothing_is_routine() -> None:
    assert score(said()) == Scored(Level.ROUTINE, ())
    assert score(said("skipped", "skipped", "skipped")).level == Level.ROUTINE


def test_who_is_in_danger_is_urgent_and_the_reason_says_so() -> None:
    assert score(said(safe_now="no")) == Scored(Level.URGENT, ("safe_no",))


@pytest.mark.parametrize("topic", sorted(RISK_TOPICS))
def test_a_risk_topic_is_elevated(topic: str) -> None:
    assert score(said(topic=topic)) == Scored(Level.ELEVATED, (f"topic_{topic}",))


@pytest.mark.parametrize(("topic", "age"), [*product(sorted(RISK_TOPICS), sorted(UNDER_16))])
def test_a_risk_topic_below_sixteen_is_urgent(topic: str, age: str) -> None:
    assert score(said(topic=topic, age_band=age)) == Scored(
        Level.URGENT, ("under16", f"topic_{topic}")
    )


def test_being_young_alone_raises_nothing() -> None:
    assert score(said(topic="home", age_band="12-15")).level == Level.ROUTINE


def test_answers_alone_are_never_acute_and_every_raise_has_its_reason() -> None:
    for safe_now, topic, age_band in product(SAFE, TOPICS, AGES):
        found = score(said(safe_now, topic, age_band))
        assert found.level != Level.ACUTE
        assert bool(found.reasons) == (found.level != Level.ROUTINE)


def test_a_level_goes_up_by_itself_and_never_down() -> None:
    danger, safe = score(said(safe_now="no")), score(said(safe_now="yes"))
    assert raised(safe, danger) == danger
    assert raised(danger, safe) == danger
    both = raised(danger, score(said(topic="runaway")))
    assert both == Scored(Level.URGENT, ("safe_no", "topic_runaway"))


def test_a_reason_of_a_rule_that_is_gone_is_kept_at_the_end() -> None:
    old = Scored(Level.ACUTE, ("retired_rule",))
    assert raised(old, score(said(safe_now="no"))).reasons == ("safe_no", "retired_rule")


def test_every_reason_and_level_has_words() -> None:
    assert set(words.REASONS) == set(REASONS)
    assert set(words.LEVELS) == set(Level)
    assert words.reason("retired_rule") == "retired_rule"
