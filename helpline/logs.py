"""Logs that cannot tell who was here: only listed keys with codes and numbers in them.

Whatever is logged, by us or by a library, goes through one formatter. It never
looks at a message's text or arguments, at a path, a query or an exception's
words, so none of these can reach a log. What is left is enough to work with:

- ours: an event in snake_case and the keys of `KEYS`, each held to its form;
- a library's: the name of its logger, the line of code that logged, and, where
  they come along, the status, the route's name and the task's name;
- an exception: the types of it and its causes, and the lines of code passed.

A value or event of another form becomes "unlisted"; an unknown key is dropped.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, cast

import structlog

UNLISTED = "unlisted"
OURS = ("helpline", "chat", "triage")
# Loggers to which a library gives handlers of its own, before we take them back.
TAKEN_BACK = (
    *("django", "django.server", "celery", "celery.task", "kombu", "axes"),
    *("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"),
)
DEEPEST = 12  # lines of code kept of each exception

EVENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
NAME = re.compile(r"[A-Za-z_<][\w<>]*(?:[.:-][A-Za-z_<][\w<>]*){0,9}", re.ASCII)

Line = dict[str, Any]


def is_code(value: object) -> bool:
    """One word, as programs use it."""
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def is_name(value: object) -> bool:
    """A dotted name in code: a route, a task, a logger. No address has this form."""
    return isinstance(value, str) and len(value) <= 120 and NAME.fullmatch(value) is not None


def is_number(value: object) -> bool:
    """A count, an id or a duration."""
    return isinstance(value, int | float)


KEYS: Mapping[str, Callable[[object], bool]] = {
    "code": is_code,
    "route": is_name,
    "task": is_name,
    "member": is_number,
    "status": is_number,
    "count": is_number,
    "left": is_number,
    "failed": is_number,
    "seconds": is_number,
}


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module: `log.warning("redis_lost", code="publish", count=3)`."""
    return structlog.stdlib.get_logger(name)


def logging_config(*, production: bool, level: str) -> dict[str, Any]:
    """What settings.LOGGING must be: one handler, one formatter, no way around it."""
    if production:
        catch_the_rest()
    passed_on: dict[str, Any] = {"handlers": [], "level": "NOTSET", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"narrow": {"()": Narrow, "render": as_json if production else as_text}},
        "handlers": {"stream": {"()": Silent, "formatter": "narrow"}},
        "root": {"handlers": ["stream"], "level": "WARNING"},
        "loggers": {
            **dict.fromkeys(TAKEN_BACK, passed_on),
            **dict.fromkeys(OURS, passed_on | {"level": level.upper()}),
            "py.warnings": passed_on | {"level": "ERROR"},
        },
    }


class Narrow(logging.Formatter):
    """Formats every record, ours and a library's, from its codes alone."""

    def __init__(self, render: Callable[[Line], str]) -> None:
        super().__init__()
        self.render = render

    def format(self, record: logging.LogRecord) -> str:
        ours = isinstance(record.msg, dict) and hasattr(record, "_from_helpline")
        content = from_us(cast(Line, record.msg)) if ours else from_library(record)
        when = datetime.fromtimestamp(int(record.created), UTC)
        line = {"time": when.isoformat(), "level": record.levelname.lower()}
        name = record.name if is_name(record.name) else UNLISTED
        return self.render(line | {"logger": name} | content | trouble(record.exc_info))


class Silent(logging.StreamHandler[Any]):
    """Writes to standard error; says nothing about a line it could not write."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Do not do what logging does: print the record with its arguments."""


def from_us(event_dict: Line) -> Line:
    """The event and the listed keys, each in its form."""
    event = event_dict.get("event")
    known = isinstance(event, str) and EVENT.fullmatch(event)
    kept = {
        key: event_dict[key] if fits(event_dict[key]) else UNLISTED
        for key, fits in KEYS.items()
        if event_dict.get(key) is not None
    }
    return {"event": event if known else UNLISTED, **kept}


def from_library(record: logging.LogRecord) -> Line:
    """Where a library logged, and what we know of the thing without reading a word."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    data = getattr(record, "data", None)
    found: Line = {
        "event": "library",
        "status": getattr(record, "status_code", None),
        "route": getattr(match, "view_name", None),
        "task": data.get("name") if isinstance(data, dict) else None,
    }
    at = f"{record.module}.{record.funcName or UNLISTED}"
    return from_us(found) | {"at": f"{at if is_name(at) else UNLISTED}:{record.lineno}"}


def trouble(exc_info: Any) -> Line:
    """The types of an exception and its causes, and the lines of code they passed."""
    error = exc_info[1] if isinstance(exc_info, tuple) else None
    if error is None:
        return {}
    chain = list(_causes(error))
    kinds = [f"{type(one).__module__}.{type(one).__qualname__}" for one in chain]
    return {
        "error": [kind if is_name(kind) else UNLISTED for kind in kinds],
        "trace": [place for one in chain for place in list(_places(one.__traceback__))[-DEEPEST:]],
    }


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)


def _places(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        name = f"{traceback.tb_frame.f_globals.get('__name__')}.{traceback.tb_frame.f_code.co_name}"
        yield f"{name if is_name(name) else UNLISTED}:{traceback.tb_lineno}"
        traceback = traceback.tb_next


def as_json(line: Line) -> str:
    """One line for a program."""
    return json.dumps(line)


def as_text(line: Line) -> str:
    """One line for a person at a console."""
    left = {key: value for key, value in line.items() if key not in ("time", "level", "event")}
    rest = " ".join(f"{key}={value}" for key, value in left.items())
    return f"{line['time'][11:19]} {line['level']:8} {line['event']}  {rest}"


def catch_the_rest() -> None:
    """Send warnings and exceptions that nobody caught down the same road.

    In production only: at a developer's console they keep their words.
    """
    logging.captureWarnings(True)
    sys.excepthook = uncaught
    threading.excepthook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    """Log an exception that nobody caught, by its type and place."""
    error = error or kind()
    if not logging.getLogger().handlers:  # the settings themselves are broken
        sys.__excepthook__(kind, error, trace)
    elif not issubclass(kind, KeyboardInterrupt):
        get_logger("helpline.uncaught").critical("uncaught", exc_info=(kind, error, trace))


def leave_alone(**kwargs: Any) -> None:
    """Receive Celery's `setup_logging`: being there keeps Celery from adding handlers."""


def _hand_over(
    logger: logging.Logger, name: str, event_dict: structlog.types.EventDict
) -> tuple[tuple[Line], dict[str, Any]]:
    """The last step in structlog: give the whole event to our formatter, unrendered."""
    exc_info = event_dict.pop("exc_info", None)
    content = cast(Line, dict(event_dict))
    return (content,), {"exc_info": exc_info, "extra": {"_from_helpline": True}}


structlog.configure(
    processors=[structlog.stdlib.filter_by_level, _hand_over],
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
