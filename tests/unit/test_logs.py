"""Logs: whatever is thrown at them, only codes and numbers come out."""

import ast
import json
import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline import logs
from helpline.logs import Narrow, as_json, as_text, get_logger

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (
    "203.0.113.77",
    "2001:db8::dead",
    "Mozilla/5.0 (Canary; rv:1)",
    "canary-token-9f8e",
    "mijn vader slaat mij",
    "vera@canary.example",
    "06-12345678",
)
PATH = f"/hier/?token={SECRETS[3]}"


class Kept(logging.Handler):
    """Keeps what the formatter makes of each record."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [Narrow(render).format(record) for render in (as_json, as_text)]

    @property
    def last(self) -> dict:
        return json.loads(self.lines[-2])


@pytest.fixture
def kept():
    handler = Kept()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)
    assert not [secret for secret in SECRETS for line in handler.lines if secret in line]


def library(**extra) -> logging.LogRecord:
    """A record as a library makes it, with everything we never want to see."""
    words = dict(zip("abcdefg", SECRETS, strict=True))
    record = logging.LogRecord(
        "django.request", logging.WARNING, "/x/log.py", 253, "%(a)s %(b)s", (words,), None, "say"
    )
    record.__dict__ |= extra
    return record


# --- ours ------------------------------------------------------------------------------


def test_our_event_and_its_listed_keys_come_through(kept):
    get_logger("helpline.live.hub").warning("redis_lost", code="publish", count=3)
    line = kept.last
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "helpline.live.hub",
        "event": "redis_lost",
        "code": "publish",
        "count": 3,
    }
    assert kept.lines[-1].endswith(
        "warning  redis_lost  logger=helpline.live.hub code=publish count=3"
    )


def test_unlisted_keys_are_dropped(kept):
    get_logger("chat").info("socket_refused", text=SECRETS[4], ip=SECRETS[0], path=PATH, args=[1])
    assert set(kept.last) == {"time", "level", "logger", "event"}


@pytest.mark.parametrize("secret", [*SECRETS, PATH, ["ja"], {"a": 1}, object()])
def test_a_listed_key_with_something_else_in_it_becomes_unlisted(kept, secret):
    names = ("code", "route", "task", "member", "count")
    get_logger("chat").info("socket_refused", **dict.fromkeys(names, secret))
    assert {kept.last[name] for name in names} == {"unlisted"}


@pytest.mark.parametrize("event", [*SECRETS, "Twee woorden", "", "Hoofdletter", "x" * 61, 7, None])
def test_an_event_of_another_form_becomes_unlisted(kept, event):
    get_logger("chat").warning(event)
    assert kept.last["event"] == "unlisted"


def test_words_put_in_the_wrong_place_are_dropped(kept):
    get_logger("chat").warning("note %s", SECRETS[4])
    get_logger("chat").warning("note_kept", SECRETS[4])
    get_logger("chat").bind(text=SECRETS[4]).warning("note_kept", stack_info=True)
    assert set(kept.last) == {"time", "level", "logger", "event"}


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.binary()))
def test_nothing_passes_but_listed_keys_in_their_form(content):
    kept = logs.from_us({"event": "x", **content})
    for name, value in kept.items():
        assert name in {"event", *logs.KEYS}
        assert value == "unlisted" or logs.EVENT.fullmatch(str(value)) or logs.KEYS[name](value)


# --- exceptions -------------------------------------------------------------------------


def test_an_exception_leaves_types_and_places_and_not_a_word(kept):
    def break_with(secret):
        local = f"{secret} in a local"
        try:
            raise KeyError(local)
        except KeyError as error:
            error.add_note(SECRETS[0])
            raise ValueError(f"bad value {SECRETS[4]}") from error

    try:
        break_with(SECRETS[3])
    except ValueError:
        get_logger("helpline.events").exception("listener_failed", code="on_row")
    assert kept.last["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert all(place.rpartition(":")[2].isdigit() for place in kept.last["trace"])
    assert "break_with" in kept.last["trace"][1]


def test_an_exception_that_turns_in_circles_ends():
    one, two = ValueError("1"), KeyError("2")
    one.__cause__, two.__cause__ = two, one
    assert len(logs.trouble((type(one), one, None))["error"]) == 2


def test_only_the_deepest_lines_are_kept():
    def dig(depth):
        return dig(depth - 1) if depth else 1 / 0

    try:
        dig(50)
    except ZeroDivisionError:
        assert len(logs.trouble(sys.exc_info())["trace"]) == logs.DEEPEST


def test_an_exception_with_a_hostile_name_is_unlisted():
    kind = type(SECRETS[4], (Exception,), {})
    assert logs.trouble((kind, kind(), None))["error"] == ["unlisted"]


# --- libraries --------------------------------------------------------------------------


def test_a_librarys_words_are_never_read(kept):
    kept.handle(library())
    assert kept.last["event"] == "library"
    assert kept.last["at"] == "log.say:253"


def test_a_request_leaves_its_status_and_the_name_of_its_route(kept):
    match = SimpleNamespace(view_name="staff:sign_in")
    request = SimpleNamespace(resolver_match=match, path=PATH, META={"REMOTE_ADDR": SECRETS[0]})
    kept.handle(library(request=request, status_code=403))
    assert (kept.last["status"], kept.last["route"]) == (403, "staff:sign_in")


@pytest.mark.parametrize(
    "request_", [None, SimpleNamespace(), SimpleNamespace(resolver_match=None)]
)
def test_a_request_without_a_route_is_no_trouble(kept, request_):
    kept.handle(library(request=request_, status_code=SECRETS[0]))
    assert kept.last["status"] == "unlisted"
    assert "route" not in kept.last


def test_a_task_leaves_its_name_and_not_its_arguments(kept):
    data = {"name": "chat.visitors.tasks.sweep", "args": f"({SECRETS[4]!r},)", "kwargs": SECRETS[0]}
    kept.handle(library(data=data))
    assert kept.last["task"] == "chat.visitors.tasks.sweep"


def test_arguments_that_do_not_fit_their_message_are_no_trouble(kept):
    record = library()
    record.msg, record.args = "%d of %s", (SECRETS[0],)
    kept.handle(record)
    assert kept.last["event"] == "library"


def test_a_logger_named_after_somebody_is_unlisted(kept):
    logging.getLogger(f"peer {SECRETS[0]}").warning("hello")
    assert kept.last["logger"] == "unlisted"


# --- the whole road, in a process of its own ----------------------------------------------

HOSTILE = r"""
import asyncio, gc, logging, logging.config, sys, threading, warnings
from celery import Celery, signals
from uvicorn.config import LOGGING_CONFIG
from helpline import logs

secrets = SECRETS
production = MODE == "production"
logging.config.dictConfig(LOGGING_CONFIG)  # uvicorn comes first and gives itself handlers
logging.config.dictConfig(logs.logging_config(production=production, level="debug"))
signals.setup_logging.connect(logs.leave_alone)
app = Celery("x", broker="memory://", set_as_current=False)
app.log.setup(loglevel="DEBUG", redirect_stdouts=True)

for secret in secrets:
    for name in NAMES:
        log = logging.getLogger(name)
        log.warning("said %s", secret)
        log.error(f"{secret}", extra={"ip": secret, "data": {"args": secret}})
        log.error("%d fits not", secret)
        try:
            raise RuntimeError(secret)
        except RuntimeError:
            log.exception("broken %s", secret, stack_info=True)
    logs.get_logger("helpline.x").info("planted", text=secret, code=secret)
    warnings.warn(secret)

async def forgotten():
    raise ValueError(secrets[4])

async def forget():
    task = asyncio.get_running_loop().create_task(forgotten())
    await asyncio.sleep(0)

asyncio.run(forget())
gc.collect()

@app.task
def breaks(words):
    raise ValueError(words)

breaks.apply(args=[secrets[4]], kwargs={})

if production:
    thread = threading.Thread(target=lambda: int(secrets[4]))
    thread.start()
    thread.join()

    class Ends:
        def __del__(self):
            raise ValueError(secrets[4])

    Ends()
    raise SystemError(secrets[4])
"""
NAMES = [
    *("django", "django.request", "django.server", "django.security.DisallowedHost"),
    *("django.db.backends", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"),
    *("celery", "celery.app.trace", "celery.worker.strategy", "celery.beat", "celery.redirected"),
    *("kombu", "channels", "redis", "asyncio", "axes", "websockets.server", "helpline.x", "root"),
]


@pytest.mark.parametrize("mode", ["production", "development"])
def test_no_secret_gets_through_on_any_road(mode):
    program = f"SECRETS = {SECRETS!r}\nNAMES = {NAMES!r}\nMODE = {mode!r}\n{HOSTILE}"
    if mode == "development":  # there, warnings and tracebacks stay on the developer's console
        program = program.replace("warnings.warn(secret)", "pass")
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    output = done.stdout + done.stderr
    assert not [secret for secret in SECRETS if secret in output]
    assert output.count("\n") > len(NAMES) * len(SECRETS) * 3
    if mode == "production":
        lines = [json.loads(line) for line in output.splitlines()]
        assert {"uvicorn.access", "celery.app.trace"} <= {line["logger"] for line in lines}
        assert {"x.breaks"} <= {line.get("task") for line in lines}
        uncaught = [line["error"] for line in lines if line["event"] == "uncaught"]
        assert uncaught == [["builtins.ValueError"]] * 2 + [["builtins.SystemError"]]
        assert done.returncode == 1


# --- the lines that log --------------------------------------------------------------------

VERBS = {"debug", "info", "warning", "error", "exception", "critical"}


def log_calls():
    """Every call of a module's `log`, with where it stands."""
    for package in ("helpline", "chat", "triage"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name("log"), attr=verb)):
                        if verb in VERBS:
                            yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_line_that_logs_names_a_constant_event_and_listed_keys():
    calls = list(log_calls())
    assert calls
    for place, call in calls:
        assert len(call.args) == 1, place
        assert isinstance(call.args[0], ast.Constant), f"{place}: the event must be a constant"
        assert logs.EVENT.fullmatch(str(call.args[0].value)), place
        names = {keyword.arg for keyword in call.keywords} - {"exc_info"}
        assert names <= set(logs.KEYS), f"{place}: {names - set(logs.KEYS)}"


def test_nobody_gets_a_logger_by_another_road():
    for package in ("helpline", "chat", "triage"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text()
            if path != ROOT / "helpline/logs.py":
                assert "getLogger(" not in text, path
                assert "structlog" not in text, path
