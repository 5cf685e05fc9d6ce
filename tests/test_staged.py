"""Files that appear whole or not at all, and a disk that is hastened meanwhile."""

from __future__ import annotations

import errno
import os

import pytest

from migrate.write import staged as module
from migrate.write.staged import Staged


@pytest.fixture
def synced(tmp_path, monkeypatch):
    """What is synced, in turn."""
    found: list[str] = []
    sync, out = os.fsync, tmp_path / "out"

    def noted(handle: int) -> None:
        node = os.fstat(handle).st_ino
        found.extend(p.name for p in (out, *out.iterdir()) if p.stat().st_ino == node)
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    return found


@pytest.fixture
def begun(tmp_path):
    """Two files, of which one is begun and one only promised."""
    staged = Staged(tmp_path / "out")
    staged.path("a.csv").write_bytes(b"begun")
    staged.path("b.csv")
    yield staged
    staged.discard()


def test_what_is_begun_goes_to_the_disk_at_once_and_all_when_published(begun, synced, monkeypatch):
    monkeypatch.setattr(module, "HASTE", 0)
    begun.hasten()
    begun._settle()
    assert synced == [".a.csv.tmp"]
    begun.path("b.csv").write_bytes(b"late")
    begun.publish()
    assert synced == [".a.csv.tmp", ".a.csv.tmp", ".b.csv.tmp", "out", "out"]
    assert {p.name: p.read_bytes() for p in begun.folder.iterdir()} == {
        "a.csv": b"begun",
        "b.csv": b"late",
    }


def test_the_disk_is_hastened_once_a_second(begun, synced, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: begun._hastened + now[0])
    for now[0], times in ((0.9, 0), (1.0, 1), (0.9, 1), (1.0, 2)):
        begun.hasten()
        begun._settle()
        assert len(synced) == times


def test_a_run_hastens_the_disk(convert, sample, synced, monkeypatch):
    monkeypatch.setattr(module, "HASTE", 0)
    report, out = convert(sample, batch=10)
    assert report.sound
    assert synced.count(".issues.csv.tmp") > 1
    assert set(synced) - {"out"} == {f".{p.name}.tmp" for p in out.iterdir() if p.name != ".lock"}


def test_a_fault_that_the_disk_told_meanwhile_leaves_no_file(begun, monkeypatch):
    """The system tells it once: the sync at the end would find nothing."""
    sync, faults = os.fsync, [OSError(errno.EIO, "fault")]

    def once(handle: int) -> None:
        if faults:
            raise faults.pop()
        sync(handle)

    monkeypatch.setattr(os, "fsync", once)
    monkeypatch.setattr(module, "HASTE", 0)
    begun.hasten()
    begun.path("b.csv").write_bytes(b"late")
    with pytest.raises(OSError, match="fault"):
        begun.publish()
    with pytest.raises(OSError, match="fault"):  # nor is it forgotten
        begun.hasten()
    begun.discard()
    assert not list(begun.folder.iterdir())
