"""What every test stands on: real PostgreSQL, real Valkey, and the cast."""

import os
import socket
from collections.abc import Iterator

os.environ["MODE"] = "test"
with socket.socket() as probe:  # never the port of a `make run` beside us
    probe.bind(("127.0.0.1", 0))
    os.environ["PORT"] = str(probe.getsockname()[1])
if not os.environ.get("DATABASE_URL"):
    from helpline.ops.services import test_environment

    os.environ.update(test_environment())
os.environ["DJANGO_SETTINGS_MODULE"] = "helpline.settings"

import django
import pytest
from django.core.management import call_command
from django.test import TransactionTestCase

django.setup()

from helpline.live.together import Together
from tests import people
from triage.shifts.demo import always_open

EVERYWHERE = ["default", "owner", "keys"]


def empty_the_tables(case: TransactionTestCase) -> None:
    """Empty every table after a test, without Django's rites of a new database.

    Permissions and content types would be written anew each time; nobody reads
    them here, and they cost half a second.
    """
    for alias in case._databases_names(include_mirrors=False):
        call_command(
            "flush",
            verbosity=0,
            interactive=False,
            database=alias,
            reset_sequences=False,
            inhibit_post_migrate=True,
        )


TransactionTestCase._fixture_teardown = empty_the_tables  # type: ignore[method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests outside tests/unit use the databases, with real commits: events leave after them."""
    for item in items:
        if "/unit/" not in item.path.as_posix() and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(transaction=True, databases=EVERYWHERE))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """The loop of each test has connections of its own; they end with it."""
    yield
    Together.end()


@pytest.fixture(autouse=True)
def open_house(request: pytest.FixtureRequest) -> None:
    """The door is open around the clock, unless a test closes it."""
    if marker := request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        always_open()


@pytest.fixture
def vera() -> people.Visitor:
    """Vera visits."""
    return people.Visitor()


@pytest.fixture
def victor() -> people.Visitor:
    """Victor visits too; what is Vera's is not his."""
    return people.Visitor()


@pytest.fixture
def cem() -> people.Counsellor:
    """Cem counsels."""
    return people.Counsellor("cem")


@pytest.fixture
def cleo() -> people.Counsellor:
    """Cleo counsels beside Cem."""
    return people.Counsellor("cleo")


@pytest.fixture
def olu() -> people.Member:
    """Olu co-ordinates."""
    return people.Member("olu", ["coordinator"])


@pytest.fixture
def pia() -> people.Member:
    """Pia partners."""
    return people.Member("pia", ["partner"])


@pytest.fixture
def ana() -> people.Member:
    """Ana analyses."""
    return people.Member("ana", ["analyst"])


@pytest.fixture
def udo() -> people.Member:
    """Udo audits."""
    return people.Member("udo", ["auditor"])


@pytest.fixture
def ada() -> people.Member:
    """Ada admins."""
    return people.Member("ada", ["admin"])
