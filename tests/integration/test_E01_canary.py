"""E01: a visitor with a marked address, device and language leaves no mark anywhere."""

import contextlib
import json
import re
import socket
import time
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connections

from tests.people import VISITOR_ORIGIN, host_of
from tests.serving import served

MARKS = {
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-IP": "203.0.113.78",
    "Forwarded": "for=203.0.113.79",
    "X_Forwarded_For": "203.0.113.80",
    "User-Agent": "CanaryPhone/7.7 (marked)",
    "Referer": "https://canary-referrer.example/secret",
    "Accept-Language": "xx-CANARY",
    "Sec-CH-UA-Model": "canary-model",
    "Via": "1.1 canary-proxy",
}
FROM = "127.77.7.7"  # the socket's own address
NEEDLES = [b"203.0.113.", b"CanaryPhone", b"canary", b"xx-CANARY", FROM.encode()]
TEXT = "kanarie-in-een-bericht"


@pytest.fixture
def web(tmp_path, django_db_setup):
    """The product and its log."""
    with served(tmp_path, LOG_LEVEL="DEBUG"):
        yield settings.PORT, tmp_path / "web.log"


def speak(port: int, request: str) -> bytes:
    """One raw request from the marked address; the whole answer."""
    with socket.create_connection(("127.0.0.1", port), source_address=(FROM, 0)) as wire:
        wire.sendall(request.encode())
        wire.settimeout(5)
        answer = b""
        with contextlib.suppress(TimeoutError):
            while chunk := wire.recv(65536):
                answer += chunk
        return answer


def ask(port: int, verb: str, path: str, body: str = "", **headers: str) -> bytes:
    lines = [f"{verb} {path} HTTP/1.1", f"Host: {host_of(VISITOR_ORIGIN)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in {**MARKS, **headers}.items()]
    if body:
        lines.append(f"Content-Length: {len(body.encode())}")
    return speak(port, "\r\n".join(lines) + "\r\n\r\n" + body)


def form(port: int, body: str, cookie: str = "") -> bytes:
    more = {"Content-Type": "application/x-www-form-urlencoded", "Origin": VISITOR_ORIGIN}
    return ask(port, "POST", "/", body, **more, **({"Cookie": cookie} if cookie else {}))


def everything_we_hold(tmp_path: Path) -> dict[str, bytes]:
    """Both databases row by row, all of Redis, every file the run wrote."""
    held: dict[str, bytes] = {}
    for alias in ("owner", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                held[f"{alias}.{table}"] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    store = redis.from_url(settings.REDIS_URL)
    held["redis"] = b"\n".join(key + b" " + (store.dump(key) or b"") for key in store.scan_iter())
    for path in tmp_path.rglob("*.log"):
        held[path.name] = path.read_bytes()
    return held


def test_E01_a_marked_visitor_is_found_nowhere(web, tmp_path):
    port, log = web
    entered = form(port, "do=enter").decode()
    assert " 303 " in entered.splitlines()[0]
    cookie = re.search(r"set-cookie: ([^;]+)", entered, re.IGNORECASE)[1]
    token = cookie.partition("=")[2]
    page = ask(port, "GET", "/", Cookie=cookie).decode()
    csrf = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"')[0]
    assert b" 303 " in form(port, f"do=skip_all&csrfmiddlewaretoken={csrf}", cookie)[:40]
    say = json.dumps({"type": "say", "client_id": str(uuid4()), "text": TEXT})
    more = {"Accept": "application/json", "X-CSRFToken": csrf, "Origin": VISITOR_ORIGIN}
    sent = ask(port, "POST", "/rows", say, Cookie=cookie, **more)
    assert b'"sent"' in sent
    for path in ("/nergens", "/rows?after=canary", f"/?token={token}", "/admin/", "/static/canary"):
        ask(port, "GET", path, Cookie=cookie, Accept="application/json")
    speak(port, "GARBAGE canary\r\n\r\n")
    time.sleep(0.5)

    held = everything_we_hold(tmp_path)
    assert held["owner.conversations_conversation"] and held["keys.vault_datakey"] and log.exists()
    found = {
        (store, needle)
        for store, content in held.items()
        for needle in [*NEEDLES, TEXT.encode(), token.encode()]
        if needle in content
    }
    assert found == set()
