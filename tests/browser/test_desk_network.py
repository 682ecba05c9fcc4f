"""The desk on a bad network: what is written is kept, and comes back by itself."""

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.counselling import AtDesk

LOST = "De verbinding is even weg."


class Cable:
    """The sockets of one page; pull it out, and put it back."""

    def __init__(self, page) -> None:
        self.out = False
        self.open: list[WebSocketRoute] = []
        page.route_web_socket("**/ws/*", self._connect)
        page.route("**/desk/rows*", self._ask)
        page.route("**/desk/board*", self._ask)

    def pull_out(self) -> None:
        self.out = True
        for socket in self.open:
            socket.close(code=1012)
        self.open.clear()

    def put_back(self) -> None:
        self.out = False

    def _connect(self, socket: WebSocketRoute) -> None:
        if self.out:
            return socket.close(code=1012)
        socket.connect_to_server()
        self.open.append(socket)

    def _ask(self, route) -> None:
        route.abort() if self.out else route.continue_()


def test_what_is_written_while_the_network_is_away_goes_out_once_and_in_order(opens, cem, vera):
    desk = AtDesk(opens, cem)
    cable = Cable(desk.page)
    desk.sits_down()
    vera.waits()
    desk.takes_next()
    cable.pull_out()
    expect(desk.banner).to_contain_text(LOST)
    desk.says("een")
    desk.says("twee")
    vera.says("intussen")
    cable.put_back()
    desk.sees_lines("intussen", "een", "twee", timeout=40)
    desk.sees_as_sent("twee")
    expect(desk.banner).to_be_hidden()
    said = [row["text"] for row in vera.reads() if row["kind"] == "said"]
    assert said == ["intussen", "een", "twee"]


def test_where_sockets_are_blocked_the_desk_works_by_plain_http(opens, cem, vera):
    desk = AtDesk(opens, cem)
    desk.page.route_web_socket("**/ws/*", lambda socket: socket.close(code=1006))
    desk.page.goto("/desk/")
    expect(desk.banner).to_contain_text("De snelle verbinding lukt hier niet.", timeout=30_000)
    vera.waits()
    desk.sees_in_line(1, timeout=8)
    desk.takes_next()
    desk.says("zonder socket")
    desk.sees_as_sent("zonder socket")
    vera.says("dat werkt ook")
    desk.sees_lines("zonder socket", "dat werkt ook")
    assert desk.said_by_console == []
