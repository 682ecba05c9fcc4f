"""The documents speak of what exists: files, tests, and sentences that visitors really read."""

import re
from pathlib import Path

import pytest

from helpline.ops import run
from tests import texts

ROOT = texts.ROOT
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
LOGGED = re.compile(r"\blog\.(?:debug|info|warning|error|exception|critical)\(\s*\"(\w+)\"")
LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
# Words that promise something about safety or privacy, in what visitors read.
PROMISES = re.compile(
    r"bewa(?:ar|ren|rd)|verdwijn|gewist|kopie|\bgevaar\b|Snel weg|verloren|verstuurd\."
    r"|leest|wie je bent|alleen jij|meteen weg|niemand",
    re.IGNORECASE,
)
VISITORS = {
    "visitor",
    "visitor_refused.html",
    "visitors",
    "conversations",
    "vault",
    "errors.py",
    "pages.py",
}
# Said to the team only, although they stand in a shared file.
NOT_TO_VISITORS = {
    "De bezoeker heeft het gesprek gewist",
    "Dit gesprek is nu van niemand.",
}


def slug(heading: str) -> str:
    """How a heading is named in an address."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def plain(text: str) -> str:
    """Words without their marks."""
    return " ".join(re.sub(r"</?\w+[^>]*>|\*\*", "", text).split())


def to_visitors() -> set[str]:
    """What a visitor may read, from templates and code."""
    found = {**texts.in_code(), **texts.in_templates()}
    return {
        plain(text)
        for words, path in found.items()
        for text in words
        if VISITORS.intersection(path.parts) and text not in NOT_TO_VISITORS
    }


def promised() -> list[str]:
    """The sentences in italics that evidence.md answers for."""
    rows = [line for line in EVIDENCE.splitlines() if line.startswith("| *")]
    cells = [row.split(" | ")[0].removeprefix("| ") for row in rows]
    return [plain(found) for cell in cells for found in re.findall(r"\*((?:\*\*|[^*])+)\*", cell)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for _words, address in LINK.findall(document.read_text()):
        if "://" in address:
            continue
        name, _, part = address.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), address
        if part:
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            assert part in map(slug, headings), address


def test_every_proof_is_a_test_that_exists() -> None:
    links = [(words, name) for words, name in LINK.findall(EVIDENCE) if "/tests/" in name]
    named = [(words, name) for words, name in links if not words.endswith(".py")]
    assert len(named) > 100
    for words, name in named:
        source = (ROOT / "docs" / name).read_text()
        assert f"def test_{words.replace(' ', '_')}(" in source, words


def test_every_sentence_in_the_evidence_is_one_that_visitors_read() -> None:
    known = "\n".join(to_visitors())
    assert len(promised()) > 30
    assert [sentence for sentence in promised() if sentence not in known] == []


def test_every_promise_to_a_visitor_is_in_the_evidence() -> None:
    answered = promised()
    sentences = [text for text in to_visitors() if text.endswith((".", "?"))]
    promises = [text for text in sentences if PROMISES.search(text)]
    forgotten = [text for text in promises if not any(one in text for one in answered)]
    assert forgotten == [], "add a row to docs/evidence.md"


def test_the_programs_are_started_as_make_run_starts_them() -> None:
    said = " ".join(OPERATIONS.replace("\\\n", " ").split())
    for program in run.programs(8000, Path("/var/lib/helpline")):
        assert " ".join(program.command[1:]) in said, program.name


def test_every_event_in_the_log_is_explained() -> None:
    sources = [path.read_text() for name in texts.PACKAGES for path in (ROOT / name).rglob("*.py")]
    events = {event for one in sources for event in LOGGED.findall(one)}
    assert len(events) > 5
    assert [event for event in events if f"`{event}`" not in OPERATIONS] == []
