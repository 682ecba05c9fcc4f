"""A profile in short: samples by function, however its lines differ."""

from tests.load import profile

STACKS = [
    "run (asyncio/runners.py:10);hear (chat/live/consumers.py:20);seal (helpline/vault.py:5) 3",
    "run (asyncio/runners.py:11);hear (chat/live/consumers.py:22) 1",
    "run (asyncio/runners.py:1);hear (chat/live/consumers.py:22);hear (chat/live/consumers.py:9) 1",
]


def test_a_function_counts_once_for_each_sample_it_is_in():
    own, total, samples = profile.count(STACKS)
    assert samples == 5
    assert own == {"seal (helpline/vault.py)": 3, "hear (chat/live/consumers.py)": 2}
    assert total["hear (chat/live/consumers.py)"] == 5
    assert total["seal (helpline/vault.py)"] == 3


def test_packages_are_named_without_the_way_to_them():
    long = "send (/srv/.venv/lib/python3.11/site-packages/uvicorn/impl.py:12)"
    assert profile.named(long) == "send (uvicorn/impl.py)"


def test_the_summary_tells_shares():
    lines = profile.summary(STACKS).splitlines()
    assert lines[1] == "  60.0%  seal (helpline/vault.py)"
