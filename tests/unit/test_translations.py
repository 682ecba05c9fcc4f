"""English is complete, says it with the same holes, and is what the programs use."""

import ast
import re

import pytest
from django.utils import translation

from chat.visitors import helplines
from tests import texts

HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|</?\w+[^>]*>")
ENTRIES = texts.written()
SPOKEN = {**texts.in_code(), **texts.in_templates()}


def holes(text: str) -> list[str]:
    """What code or a page fills in or depends on."""
    return sorted(HOLE.findall(text))


def test_the_reading_finds_what_there_is() -> None:
    template = """{% load i18n %}{% translate "Hoi" %} {% translate "zo'n" as such %}
    {% blocktranslate trimmed count n=n %}
      {{ n }} code{% plural %}{{ n }} codes
    {% endblocktranslate %}
    {{ _("Daar")|upper }} <p>_niet(dit)</p>"""
    found = {("Hoi",), ("zo'n",), ("%(n)s code", "%(n)s codes"), ("Daar",)}
    assert set(texts.of_template(template)) == found
    code = 'a = _("een") + gettext_lazy("twee" "drie")\nngettext("x", "y", 2)\nprint("niet")'
    assert set(texts.of_python(code)) == {("een",), ("tweedrie",), ("x", "y")}
    assert len(SPOKEN) > 400


def test_every_text_is_translated() -> None:
    known = {entry.text for entry in ENTRIES}
    missing = {text: str(path.name) for text, path in SPOKEN.items() if text not in known}
    assert missing == {}, "run makemessages and translate (CONTRIBUTING.md)"


def test_what_other_helplines_are_for_is_translated_too() -> None:
    assert {helpline.when for helpline in helplines.everybody()} == set(helplines.WHEN)


def test_nothing_is_translated_that_nobody_says() -> None:
    assert {entry.text for entry in ENTRIES} - set(SPOKEN) == set()


def test_no_translation_is_empty_or_a_guess() -> None:
    assert [entry.text for entry in ENTRIES if not all(entry.said)] == []
    assert [entry.text for entry in ENTRIES if "fuzzy" in entry.flags] == []


def test_the_holes_are_the_same() -> None:
    wrong = [
        (text, said)
        for entry in ENTRIES
        for text, said in zip(entry.text, entry.said, strict=True)
        if holes(text) != holes(said)
    ]
    assert wrong == []


def test_spaces_and_ends_of_lines_around_a_text_are_the_same() -> None:
    for entry in ENTRIES:
        for text, said in zip(entry.text, entry.said, strict=True):
            assert re.match(r"\s*", text)[0] == re.match(r"\s*", said)[0], text
            assert re.search(r"\s*\Z", text)[0] == re.search(r"\s*\Z", said)[0], text


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written = {entry.text[:1]: entry.said for entry in ENTRIES}
    assert texts.compiled() == written, "run compilemessages (CONTRIBUTING.md)"


@pytest.mark.parametrize("package", texts.PACKAGES)
def test_gettext_is_called_by_a_name_that_makemessages_knows(package: str) -> None:
    for path in (texts.ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                names = {one.asname for one in node.names if "gettext" in one.name}
                assert names <= {None, "_"}, path


def test_makemessages_can_read_every_text() -> None:
    """It does not look inside f-strings."""
    for package in texts.PACKAGES:
        for path in (texts.ROOT / package).rglob("*.py"):
            formatted = [
                n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.JoinedStr)
            ]
            hidden = [text for node in formatted for text in texts.of_python(ast.unparse(node))]
            assert hidden == [], path


def test_both_languages_come_out_as_they_were_written() -> None:
    """No catalogue of a library takes a text of ours for one of its own."""
    for entry in ENTRIES:
        for language, said in (("nl", entry.text), ("en", entry.said)):
            with translation.override(language):
                if len(said) == 1:
                    heard = (translation.gettext(entry.text[0]),)
                else:
                    heard = tuple(translation.ngettext(*entry.text, n) for n in (1, 2))
            assert heard == said, language
