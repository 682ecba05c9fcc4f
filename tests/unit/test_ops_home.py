"""Folders and accounts of the embedded servers."""

import os
from pathlib import Path

import pytest

from helpline.ops import home, keeper
from helpline.ops.trouble import Trouble

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops its rights")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.setattr(home, "SYSTEM_PLACE", place)
    monkeypatch.setattr(home, "SHORT_PLACE", place)
    return place


@ROOT_ONLY
def test_servers_of_root_run_as_nobody(tmp_path: Path) -> None:
    assert keeper.choose_keeper(tmp_path / "none").uid == keeper.NOBODY


@ROOT_ONLY
def test_root_serves_somebody_elses_data_as_its_owner(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 1234)
    assert keeper.choose_keeper(tmp_path).uid == 1234


def test_a_closed_parent_is_noticed(tmp_path: Path) -> None:
    other = keeper.Keeper(uid=os.geteuid() + 1, gid=1)
    tmp_path.chmod(0o700)
    (tmp_path / "var").mkdir()
    assert not other.can_enter(tmp_path / "var")
    assert keeper.Keeper(os.geteuid(), os.getegid()).can_enter(tmp_path / "var")


@ROOT_ONLY
def test_data_goes_elsewhere_when_nobody_cannot_enter(tmp_path: Path, elsewhere: Path) -> None:
    tmp_path.chmod(0o700)
    found = home.open_home(tmp_path / "var")
    assert found.services.parent == elsewhere
    assert (tmp_path / "var" / "services").resolve() == found.services
    assert home.open_home(tmp_path / "var") == found


def test_sockets_are_closed_to_others(tmp_path: Path, elsewhere: Path) -> None:
    assert home.open_home(tmp_path / "var").sockets.stat().st_mode & 0o777 == 0o700


def test_a_long_path_still_gets_short_sockets(tmp_path: Path, elsewhere: Path) -> None:
    far = tmp_path.joinpath(*["a-very-long-folder-name"] * 5)
    far.mkdir(parents=True)
    assert home.open_home(far).sockets.parent == elsewhere


def test_a_socket_folder_laid_out_by_another_is_refused(tmp_path: Path, elsewhere: Path) -> None:
    far = tmp_path.joinpath(*["a-very-long-folder-name"] * 5)
    far.mkdir(parents=True)
    sockets = home.open_home(far).sockets
    sockets.rmdir()
    sockets.symlink_to(tmp_path)
    with pytest.raises(Trouble):
        home.open_home(far)


def test_a_private_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    home.write_private(tmp_path / "secret", "one")
    home.write_private(tmp_path / "secret", "two")
    assert (tmp_path / "secret").read_text() == "two"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
