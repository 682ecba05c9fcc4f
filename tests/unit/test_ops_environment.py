"""What a local run gives the product, and what it leaves to you."""

from pathlib import Path

import pytest

from helpline.ops import environment, home
from helpline.ops.trouble import Trouble

VARIABLES = [
    *environment.DATABASES,
    "REDIS_URL",
    "SECRET_KEY",
    "MASTER_KEYS",
    "AUDIT_KEY",
    "MODE",
    "EMAIL_URL",
]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> home.Home:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(home, "SYSTEM_PLACE", tmp_path / "elsewhere")
    monkeypatch.setattr(home, "SHORT_PLACE", tmp_path / "elsewhere")
    return home.open_home(tmp_path / "var")


def test_no_database_given_means_the_embedded_one() -> None:
    assert not environment.databases_are_given()


def test_three_databases_given_means_yours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.DATABASES:
        monkeypatch.setenv(name, "postgresql://db.example/helpline")
    assert environment.databases_are_given()


def test_a_database_may_be_given_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.DATABASES:
        monkeypatch.setenv(f"{name}_FILE", "/run/secrets/url")
    assert environment.databases_are_given()


def test_half_of_the_databases_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/helpline")
    with pytest.raises(Trouble) as trouble:
        environment.databases_are_given()
    assert "OWNER_DATABASE_URL and KEYS_DATABASE_URL" in str(trouble.value)


def test_secrets_are_made_once_and_are_yours_alone(place: home.Home) -> None:
    first = environment.complete(place, {}, mode="development")
    again = environment.complete(place, {}, mode="development")
    assert first == again
    for name in ("SECRET_KEY", "MASTER_KEYS", "AUDIT_KEY"):
        path = Path(first[f"{name}_FILE"])
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(path.read_text()) >= 44
    assert place.secrets.stat().st_mode & 0o777 == 0o700


def test_a_secret_you_gave_is_not_replaced(
    place: home.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_KEY", "mine")
    assert "AUDIT_KEY_FILE" not in environment.complete(place, {}, mode="development")


def test_production_gets_no_secret_from_us(
    place: home.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODE", "production")
    made = environment.complete(place, {}, mode="development")
    assert made["MODE"] == "production"
    assert not [name for name in made if name.endswith("_FILE")]


def test_tests_never_run_in_your_mode(place: home.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "production")
    assert environment.complete(place, {}, mode="test")["MODE"] == "test"
