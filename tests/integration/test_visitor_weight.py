"""An old phone on a slow network: the talk page weighs at most 30 kB, and is whole by itself."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

BUDGET = 30 * 1024
IMPORT = re.compile(r'from "([^"]+)"')


def compressed(content):
    return len(gzip.compress(content, 6))


def scripts(name, found):
    """`name` and everything it imports, each once."""
    if name not in found:
        found[name] = source = Path(finders.find(name)).read_text("utf-8")
        for other in IMPORT.findall(source):
            parts = [*name.split("/")[:-1], *other.split("/")]
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            scripts("/".join(part for part in parts if part != "."), found)
    return found


def test_the_talk_page_weighs_at_most_30_kB(vera, cem):
    vera.waits()
    cem.takes(vera)
    html = vera.client.get("/").content
    addresses = re.findall(r'(?:src|href)="/static/[^/]+/([^"]+)"', html.decode())
    weights = {"page": compressed(html)}
    found = {}
    for address in addresses:
        if address.endswith(".js"):
            scripts(address, found)
        else:
            weights[address] = compressed(Path(finders.find(address)).read_bytes())
    weights |= {name: compressed(source.encode()) for name, source in found.items()}
    assert len(found) >= 8
    assert sum(weights.values()) <= BUDGET, weights


def test_every_address_on_a_visitors_page_is_our_own(vera):
    vera.waits()
    html = vera.client.get("/").content.decode()
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', html):
        assert address.startswith(("/", "tel:")) and not address.startswith("//"), address


def test_no_script_or_style_stands_in_the_page_itself(vera):
    vera.waits()
    html = vera.client.get("/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
