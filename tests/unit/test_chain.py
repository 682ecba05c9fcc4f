"""The audit's chain: what one may not do to it unseen."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.audit import chain
from helpline.audit.chain import START, Finding, Flaw, Line, Link, Mark

KEY = bytes(range(32))
HOUR = datetime(2026, 11, 22, 19, tzinfo=UTC)
FIRST = Line(1, HOUR, 3, "counsellor", "claimed", "talk", "ab12", "done")
CODES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)


def written(count: int, key: bytes = KEY) -> list[Link]:
    """A chain as it should be."""
    links: list[Link] = []
    for number in range(1, count + 1):
        line = replace(FIRST, number=number, actor=number % 3 or None)
        previous = links[-1].hash if links else chain.NOTHING
        links.append(Link(line, previous, chain.link(key, previous, line)))
    return links


def head_of(links: list[Link]) -> Mark:
    return Mark(links[-1].line.number, links[-1].hash) if links else START


def found(links: list[Link], head: Mark, **more) -> list[Finding]:
    return list(chain.verify(KEY, iter(links), head=head, **more))


def edited(link: Link, **changes) -> Link:
    return link._replace(line=replace(link.line, **changes))


# --- known answers -------------------------------------------------------------------


def test_an_entry_is_written_as_bytes_in_one_way():
    assert chain.canonical(FIRST) == (
        b"helpline/audit/1"
        b"\x00\x00\x00\x011"
        b"\x00\x00\x00\x192026-11-22T19:00:00+00:00"
        b"\x00\x00\x00\x013"
        b"\x00\x00\x00\x0acounsellor"
        b"\x00\x00\x00\x07claimed"
        b"\x00\x00\x00\x04talk"
        b"\x00\x00\x00\x04ab12"
        b"\x00\x00\x00\x04done"
    )


def test_the_hash_of_an_entry_stays_what_it_was():
    """Frozen when the format was made. If this fails, old chains look broken."""
    assert chain.link(KEY, chain.NOTHING, FIRST).hex() == (
        "eee4f85c6e81179457b354c2d97844965ed3b51c836b2315a1d441c76e2eb868"
    )
    by_hand = hmac.digest(KEY, bytes(32) + chain.canonical(FIRST), "sha256")
    assert chain.link(KEY, chain.NOTHING, FIRST) == by_hand


# --- what the hash covers -------------------------------------------------------------


def test_the_hour_counts_and_not_how_it_is_written():
    amsterdam = replace(FIRST, hour=HOUR.astimezone(timezone(timedelta(hours=1))))
    assert chain.canonical(amsterdam) == chain.canonical(FIRST)
    assert chain.canonical(replace(FIRST, hour=HOUR + timedelta(microseconds=1))) != (
        chain.canonical(FIRST)
    )


@given(st.lists(CODES, min_size=5, max_size=5), st.lists(CODES, min_size=5, max_size=5))
def test_two_different_entries_are_never_the_same_bytes(one, other):
    names = ("role", "verb", "subject", "reference", "outcome")
    lines = [replace(FIRST, **dict(zip(names, codes, strict=True))) for codes in (one, other)]
    assert (chain.canonical(lines[0]) == chain.canonical(lines[1])) == (one == other)


@pytest.mark.parametrize("field", [field.name for field in fields(Line) if field.name != "number"])
def test_a_change_of_any_field_is_an_edit(field):
    links = written(5)
    other = {"hour": HOUR - timedelta(hours=1), "actor": 99}.get(field, "other")
    changed = [*links[:2], edited(links[2], **{field: other}), *links[3:]]
    assert found(changed, head_of(links)) == [Finding(Flaw.EDITED, 3, 3)]


# --- what is found ---------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_a_whole_chain_has_no_flaw(count):
    links = written(count)
    assert found(links, head_of(links)) == []


def test_an_edit_with_a_hash_made_without_the_key_is_found():
    links = written(5)
    forged = edited(links[1], actor=7)
    forged = forged._replace(hash=chain.link(b"guess", forged.previous, forged.line))
    flaws = found([links[0], forged, *links[2:]], head_of(links))
    assert flaws == [Finding(Flaw.EDITED, 2, 2), Finding(Flaw.UNLINKED, 3, 3)]


def test_an_edit_by_somebody_with_the_key_breaks_the_link_behind_it():
    links = written(5)
    forged = edited(links[1], actor=7)
    forged = forged._replace(hash=chain.link(KEY, forged.previous, forged.line))
    assert found([links[0], forged, *links[2:]], head_of(links)) == [Finding(Flaw.UNLINKED, 3, 3)]


@given(st.integers(2, 12), st.data())
def test_what_is_deleted_is_named(count, data):
    links = written(count)
    first = data.draw(st.integers(1, count))
    last = data.draw(st.integers(first, count))
    left = [link for link in links if not first <= link.line.number <= last]
    flaw = Flaw.TAIL_MISSING if last == count else Flaw.GAP
    assert found(left, head_of(links)) == [Finding(flaw, first, last)]


def test_closing_a_gap_by_new_numbers_is_found():
    links = written(6)
    left = [link for link in links if link.line.number != 3]
    moved = [edited(link, number=place) for place, link in enumerate(left, start=1)]
    flaws = found(moved, Mark(5, links[-1].hash))
    assert flaws[0] == Finding(Flaw.UNLINKED, 3, 3)
    assert {flaw.flaw for flaw in flaws} == {Flaw.UNLINKED, Flaw.EDITED}


def test_two_entries_that_changed_places_are_found():
    links = written(4)
    swapped = [links[0], edited(links[2], number=2), edited(links[1], number=3), links[3]]
    assert Flaw.EDITED in {flaw.flaw for flaw in found(swapped, head_of(links))}


def test_what_the_head_has_not_seen_is_found():
    links = written(4)
    assert found(links, head_of(links[:2])) == [Finding(Flaw.TAIL_UNKNOWN, 3, 4)]


def test_a_head_with_another_hash_is_found():
    links = written(4)
    assert found(links, Mark(4, bytes(32))) == [Finding(Flaw.UNLINKED, 4, 4)]


def test_several_flaws_are_each_found_once():
    links = written(12)
    left = [edited(links[1], verb="closed"), *links[2:5], *links[7:10]]
    assert found([links[0], *left], head_of(links)) == [
        Finding(Flaw.EDITED, 2, 2),
        Finding(Flaw.GAP, 6, 7),
        Finding(Flaw.TAIL_MISSING, 11, 12),
    ]


def test_another_key_finds_every_entry_edited():
    links = written(3, key=bytes(32))
    assert [flaw.flaw for flaw in found(links, head_of(links))] == [Flaw.EDITED] * 3


def test_a_chain_can_be_taken_up_from_a_mark():
    links = written(9)
    start = head_of(links[:4])
    assert found(links[4:], head_of(links), start=start) == []
    assert found(links[5:], head_of(links), start=start) == [Finding(Flaw.GAP, 5, 5)]


def test_a_witness_outlives_a_tail_that_was_cut_with_its_head():
    links = written(9)
    witness = head_of(links[:7])
    assert found(links, head_of(links), witness=witness) == []
    cut = links[:5]
    assert found(cut, head_of(cut)) == []  # alone, the chain cannot know
    assert found(cut, head_of(cut), witness=witness) == [Finding(Flaw.WITNESS, 7, 7)]


def test_a_witness_sees_history_rewritten_with_the_key():
    links = written(9)
    rewritten: list[Link] = []
    for link in links:
        line = replace(link.line, verb="closed")
        previous = rewritten[-1].hash if rewritten else chain.NOTHING
        rewritten.append(Link(line, previous, chain.link(KEY, previous, line)))
    assert found(rewritten, head_of(rewritten)) == []
    flaws = found(rewritten, head_of(rewritten), witness=head_of(links[:4]))
    assert flaws == [Finding(Flaw.WITNESS, 4, 4)]


def test_verifying_holds_one_entry_at_a_time():
    links = written(3)
    taken = []

    def one_by_one():
        for link in links:
            taken.append(link.line.number)
            yield link

    broken = chain.verify(bytes(32), one_by_one(), head=head_of(links))
    numbers = [(next(broken).first, len(taken)) for _ in links]
    assert all(taken_so_far == number for number, taken_so_far in numbers)
    assert all(one < two for one, two in pairwise(taken))


# --- the key -----------------------------------------------------------------------------


def test_the_key_is_read_with_or_without_its_padding():
    text = urlsafe_b64encode(KEY).decode()
    assert chain.read_key(text) == chain.read_key(text.rstrip("=")) == KEY


@pytest.mark.parametrize("text", ["", "short", "A" * 42, "A" * 44, "not base64 !" * 4, "é" * 43])
def test_a_key_of_another_form_is_refused_without_showing_it(text):
    with pytest.raises(ValueError, match=r"^AUDIT_KEY is niet base64url van 32 bytes$"):
        chain.read_key(text)
