"""Every text for people in this tree, found by reading it: no gettext program is needed."""

import ast
import gettext
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("helpline", "chat", "triage")
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES"
ONE = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
MANY = frozenset({"ngettext", "ngettext_lazy"})
CALL = re.compile(r"\b(_|n?gettext)\(")
STRING = r'"(?:[^"\\]|\\.)*"'

Text = tuple[str, ...]  # what is translated; with its plural, if it has one


@dataclass
class Entry:
    """One entry of a .po file."""

    text: Text
    said: Text
    flags: set[str] = field(default_factory=set)


def in_code() -> dict[Text, Path]:
    """Each text in the Python code, with a file that says it."""
    found: dict[Text, Path] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            found.update(dict.fromkeys(of_python(path.read_text()), path))
    return found


def in_templates() -> dict[Text, Path]:
    """Each text in the templates, with a template that says it."""
    found: dict[Text, Path] = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        found.update(dict.fromkeys(of_template(path.read_text()), path))
    return found


def of_python(source: str) -> Iterator[Text]:
    """The texts that `source` gives to gettext."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _said(node.func.id, node.args)


def of_template(source: str) -> Iterator[Text]:
    """The texts that a template translates, as makemessages would find them."""
    code = templatize(source)
    for call in CALL.finditer(code):
        arguments = _until_closed(code[call.end() - 1 :])
        parsed = ast.parse(f"f{arguments}", mode="eval").body
        assert isinstance(parsed, ast.Call)
        yield from _said(call[1], parsed.args)


def _said(name: str, arguments: list[ast.expr]) -> Iterator[Text]:
    count = 1 if name in ONE else 2 if name in MANY else 0
    texts = [one.value for one in arguments[:count] if isinstance(one, ast.Constant)]
    if count and len(texts) == count:
        yield tuple(texts)


def _until_closed(code: str) -> str:
    """`code` up to the bracket that closes its first one."""
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0)
        if depth == 0:
            lines = code.splitlines(keepends=True)[: token.end[0]]
            return "".join(lines[:-1]) + lines[-1][: token.end[1]]
    raise AssertionError("a call that does not end")


def written() -> list[Entry]:
    """The entries of the .po file, without its heading."""
    blocks = (CATALOGUE / "django.po").read_text().split("\n\n")
    entries = [_entry(block) for block in blocks]
    return [entry for entry in entries if entry.text != ("",)]


def _entry(block: str) -> Entry:
    assert "msgctxt" not in block and "#~" not in block, block
    text = [_words(block, "msgid"), *filter(None, [_words(block, "msgid_plural")])]
    forms = ("msgstr",) if len(text) == 1 else ("msgstr[0]", "msgstr[1]")
    flags = {flag for line in re.findall(r"^#, (.*)", block, re.M) for flag in line.split(", ")}
    return Entry(tuple(text), tuple(_words(block, form) for form in forms), flags)


def _words(block: str, name: str) -> str:
    found = re.search(rf"^{re.escape(name)} ({STRING}(?:\n{STRING})*)", block, re.M)
    return "".join(map(ast.literal_eval, found[1].split("\n"))) if found else ""


def compiled() -> dict[Text, Text]:
    """What the .mo file says: each singular with its form or forms."""
    with (CATALOGUE / "django.mo").open("rb") as file:
        catalogue: dict[str | tuple[str, int], str] = gettext.GNUTranslations(file)._catalog
    found: dict[Text, Text] = {}
    for key, said in catalogue.items():
        text = key if isinstance(key, str) else key[0]
        found[(text,)] = (*found.get((text,), ()), said)
    return {text: said for text, said in found.items() if text != ("",)}
