"""E28: hostile text goes in, the same text comes out, everywhere as text."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest

from chat.conversations.actions import posting
from tests.hostile import PAYLOADS


class Texts(HTMLParser):
    """The text of each element of class "said", as a browser would show it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.inside:
            raise AssertionError(f"an element inside a message: {tag}")
        if dict(attrs).get("class") == "said":
            self.inside, _ = 1, self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = 0

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data


def test_E28_there_are_at_least_three_hundred_payloads():
    assert len(set(PAYLOADS)) >= 300


def test_E28_each_payload_reaches_the_other_side_unchanged(vera, cem, monkeypatch):
    monkeypatch.setattr(posting, "BURST", 1000)
    vera.waits()
    cem.takes(vera)
    talk = vera.talk.pk
    for payload in PAYLOADS:
        assert vera.says(payload)["type"] == "sent", payload
    heard, after = [], 0
    while frames := [f for f in cem.reads(talk, after) if f["type"] == "row"]:
        heard += [frame["text"] for frame in frames if frame["kind"] == "said"]
        after = frames[-1]["number"]
    assert heard == PAYLOADS


@pytest.mark.parametrize("part", range(4))
def test_E28_the_page_without_javascript_shows_them_as_text(vera, part):
    vera.waits()
    some = [p for p in PAYLOADS[part::4] if "\n" not in p]
    for payload in some:
        assert vera.posts("say", text=payload, client_id=str(uuid4())).status_code == 303
    page = Texts()
    page.feed(vera.client.get("/transcript").content.decode())
    assert page.found == some


def test_E28_notes_and_names_are_text_too(vera, cem):
    vera.waits()
    cem.takes(vera)
    talk = vera.talk.pk
    for payload in PAYLOADS[::10]:
        answer = cem.posts(f"/desk/talks/{talk}/note", text=payload)
        assert answer.status_code in (200, 201, 303), payload
    cem.member.alias = "<img src=x onerror=alert(1)>"[:30]
    cem.member.save(update_fields=["alias"])
    page = vera.client.get("/transcript").content.decode()
    assert "<img" not in page
