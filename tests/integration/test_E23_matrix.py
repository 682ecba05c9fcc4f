"""E23: every route and socket, for every role, against a talk that is not theirs.

The list is generated from the addresses of both sites: a new route that is not
in the tables below fails, and so does one that lets in somebody else.
"""

import statistics
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from chat.live.routing import team_sockets as talk_sockets
from chat.live.routing import visitor_sockets
from helpline.live.consumer import in_database
from helpline.staff.demo import make_member, sign_in
from tests.people import JSON, TEAM_ORIGIN, VISITOR_ORIGIN, Counsellor, Socket, Visitor, host_of
from triage.live.routing import team_sockets as board_sockets

COUNSELLORS, SHIFT = {"counsellor"}, {"counsellor", "coordinator"}
MEMBERS = {"counsellor", "coordinator", "partner", "analyst", "auditor", "admin"}
EVERYBODY = MEMBERS | {"nobody", "visitor"}
TEAM: dict[str, set[str]] = {
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "staff:home": MEMBERS,
    "staff:sign_in": EVERYBODY,
    "staff:code": MEMBERS,
    "staff:recovery": MEMBERS,
    "staff:step_up": MEMBERS,
    "staff:sign_out": EVERYBODY,
    "staff:invitation": EVERYBODY,
    "staff:welcome": EVERYBODY,
    "staff:phone": MEMBERS,
    "staff:qr": MEMBERS,
    "staff:account": MEMBERS,
    "staff:password": MEMBERS,
    "staff:recovery_codes": MEMBERS,
    "staff:everywhere": MEMBERS,
    "staff:audit": {"auditor"},
    "desk:home": SHIFT,
    "desk:board": SHIFT,
    "desk:claim": COUNSELLORS,
    "desk:next": COUNSELLORS,
    "desk:presence": COUNSELLORS,
    "desk:door": {"coordinator"},
    "desk:hours": {"coordinator"},
    "desk:set-hours": {"coordinator"},
    "desk:open": COUNSELLORS,
    "desk:end": COUNSELLORS,
    "desk:note": COUNSELLORS,
    "desk:give-back": COUNSELLORS,
    "desk:offer": COUNSELLORS,
    "desk:withdraw": COUNSELLORS,
    "desk:accept": COUNSELLORS,
    "counsellor-rows": COUNSELLORS,
}
ADMIN = {"admin"}  # everything under /admin/
VISITOR = {
    "visitors:here",
    "visitors:transcript",
    "visitors:robots",
    "visitors:favicon",
    "visitor-rows",
    "healthz",
}
SOCKETS = {"ws": {"visitor"}, "ws/talks": COUNSELLORS, "ws/board": SHIFT}
OF_ONE_TALK = [name for name in TEAM if name in {
    "desk:open", "desk:end", "desk:note", "desk:give-back", "desk:offer", "desk:withdraw",
    "desk:accept",
}]  # fmt: skip


def routes(urlconf: str) -> Iterator[tuple[str, str]]:
    """Name and path of every route; `{talk}` stands for the id of a talk."""

    def walk(patterns: list, prefix: str, space: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, path, inner)
            elif isinstance(pattern, URLPattern):
                yield space + (pattern.name or path), "/" + path

    yield from walk(get_resolver(urlconf).url_patterns, "", "")


def filled(path: str, talk: object) -> str:
    """An address that can be asked: with this talk, and numbers that mean nothing."""
    path = path.replace("<uuid:talk>", str(talk)).replace("^", "").replace("$", "")
    path = path.replace("(?P<app_label>staff)", "staff").replace("(?P<url>.*)", "x")
    for hole, value in {
        "<str:token>": "x" * 43, "<path:object_id>": "1", "<path:content_type_id>": "1",
        "<int:member_id>": "1", "<str:name>": "disable", "<int:reset_id>": "1",
    }.items():  # fmt: skip
        path = path.replace(hole, value)
    return path


class Asker:
    """Somebody with one role, whose session is always fresh."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.member = make_member(f"x{role}", [role]) if role in MEMBERS else None

    def client(self) -> Client:
        client = Client(headers={"host": host_of(TEAM_ORIGIN)})
        if self.member:
            sign_in(client, self.member)
        elif self.role == "visitor":
            client.cookies["__Host-t"] = "x" * 43
        return client

    def asks(self, verb: str, path: str) -> object:
        return getattr(self.client(), verb)(path, headers=JSON)


def is_let_in(answer) -> bool:
    """Neither refused nor sent to a door of the sign-in."""
    doors = ("/sign-in/", "/code/")
    sent_away = answer.status_code in (302, 303) and answer.headers["Location"].startswith(doors)
    return answer.status_code not in (401, 403) and not sent_away


@pytest.fixture
def talk(vera: Visitor, cem: Counsellor):
    vera.waits()
    cem.takes(vera)
    vera.says("dit is tussen ons")
    return vera.talk.pk


def test_E23_every_route_of_the_team_is_in_the_table():
    listed = {name for name, path in routes("helpline.urls_team") if not path.startswith("/admin/")}
    assert listed == set(TEAM)


def test_E23_every_route_of_the_visitor_is_in_the_table_and_carries_no_id():
    listed = dict(routes("helpline.urls_visitor"))
    assert set(listed) == VISITOR
    assert not any("<" in path for path in listed.values())


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_E23_a_role_gets_exactly_what_the_table_says(role, talk):
    asker, wrong = Asker(role), []
    for name, path in routes("helpline.urls_team"):
        allowed = TEAM.get(name, ADMIN if path.startswith("/admin/") else set())
        for verb in ("get", "post"):
            answer = asker.asks(verb, filled(path, talk))
            if answer.status_code == 405:  # nobody can do this here
                continue
            if path.startswith("/admin/") and role == "admin":
                continue  # what an admin may do there is the staff room's own test
            if is_let_in(answer) != (role in allowed) and not is_a_door(name, answer):
                wrong.append((name, verb, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


def is_a_door(name: str, answer) -> bool:
    """The admin's own sign-in and sign-out only ever point to ours."""
    if name in ("admin:login", "admin:logout", "staff:sign_out", "staff:everywhere"):
        return answer.status_code in (301, 302, 303)
    # What the admin does not know is not there, for anybody.
    return name.startswith("admin:") and answer.status_code == 404


@pytest.mark.parametrize("name", OF_ONE_TALK)
def test_E23_a_foreign_talk_and_an_unknown_one_look_the_same(name, talk, cleo):
    path = dict(routes("helpline.urls_team"))[name]
    fields = {"text": "notitie", "to": cleo.id, "colleague": cleo.id}
    foreign = cleo.posts(filled(path, talk), **fields)
    unknown = cleo.posts(filled(path, uuid4()), **fields)
    assert foreign.status_code == unknown.status_code >= 400, name
    assert foreign.content == unknown.content
    assert "dit is tussen ons" not in foreign.content.decode()


def test_E23_asking_for_a_foreign_talk_takes_as_long_as_for_an_unknown_one(talk, cleo):
    def median(talk_id) -> float:
        spent = []
        for _ in range(15):
            start = time.perf_counter()
            cleo.reads(talk_id)
            spent.append(time.perf_counter() - start)
        return statistics.median(spent)

    foreign, unknown = median(talk), median(uuid4())
    assert 0.5 < foreign / unknown < 2


def test_E23_one_visitor_never_gets_a_row_of_another(talk, victor):
    victor.waits()
    victor.says("van victor")
    texts = {row["text"] for row in victor.reads()}
    assert "van victor" in texts and "dit is tussen ons" not in texts
    page = (
        victor.client.get("/").content.decode() + victor.client.get("/transcript").content.decode()
    )
    assert "dit is tussen ons" not in page


def test_E23_the_visitors_host_knows_no_staff_page_and_the_team_no_visitors_page(cem, vera):
    for path in ("/desk/", "/admin/", "/sign-in/", "/account/", "/audit/"):
        assert vera.client.get(path).status_code == 404, path
    for path in ("/transcript", "/rows"):
        assert cem.client.get(path).status_code == 404, path


def test_E23_neither_site_sets_or_reads_the_other_sites_cookie(cem, vera):
    vera.waits()
    assert set(vera.client.cookies) == {"__Host-t"}
    assert "__Host-t" not in cem.client.cookies
    vera.client.cookies.load(cem.cookie)
    assert vera.client.get("/desk/").status_code == 404


def test_E23_every_socket_is_in_the_table():
    paths = {str(s.pattern) for s in [*visitor_sockets, *talk_sockets, *board_sockets]}
    assert paths == set(SOCKETS)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("path", sorted(SOCKETS))
async def test_E23_a_socket_opens_for_its_roles_only(path, role, vera):
    site = VISITOR_ORIGIN if path == "ws" else TEAM_ORIGIN
    if role == "visitor":
        await in_database(vera.waits)()
        cookie = vera.cookie
    else:
        client = await in_database(lambda: Asker(role).client())()
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    async with Socket(f"/{path}", origin=site, cookie=cookie) as socket:
        if role in SOCKETS[path]:
            await socket.sends(type="nonsense")
            assert (await socket.hears("refused"))["code"] == "unreadable"
        else:
            assert await socket.is_closed() == 4401
            assert socket.heard == []
