from __future__ import annotations

import hashlib
import os
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.errors import StorageError
from workdiary.journal import blobs


def files(root):
    return sorted(path for path in root.rglob("*") if path.is_file())


@given(data=st.binary(max_size=5000))
def test_what_is_written_is_read_back_under_its_hash(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("data") / "blobs"
    name = blobs.write(root, data)
    assert name == hashlib.sha256(data).hexdigest()
    assert blobs.read(root, name) == data
    assert files(root) == [root / name[:2] / name]


def test_nobody_else_may_read_or_list_them(tmp_path):
    name = blobs.write(tmp_path / "blobs", b"x")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "blobs", tmp_path / "blobs" / name[:2])]
    assert modes == [0o700, 0o700]
    assert stat.S_IMODE((tmp_path / "blobs" / name[:2] / name).stat().st_mode) == 0o600


def test_the_time_of_change_is_that_of_the_slot(tmp_path):
    name = blobs.write(tmp_path / "blobs", b"x")
    found = (tmp_path / "blobs" / name[:2] / name).stat()
    assert found.st_mtime % 600 == 0
    assert found.st_atime % 600 == 0
    assert 0 <= time.time() - found.st_mtime < 601


def test_the_file_is_durable_before_it_has_its_name_and_the_name_before_write_returns(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "rename"):
        real = getattr(os, name)

        def spy(*args, real=real, name=name, **kwargs):
            kind = stat.S_ISDIR(os.fstat(args[0]).st_mode) if name == "fsync" else None
            calls.append(name if kind is None else ("fsync directory" if kind else "fsync file"))
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, spy)
    blobs.write(tmp_path / "blobs", b"x")
    # The first two make the two new directories durable.
    assert calls == ["fsync directory", "fsync directory", "fsync file", "rename", "fsync directory"]


@pytest.mark.parametrize("fault", ["write", "fsync", "rename"])
def test_a_failed_write_leaves_nothing_behind_and_says_why(tmp_path, monkeypatch, fault):
    root = tmp_path / "blobs"
    blobs.write(root, b"first")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    if fault == "write":
        monkeypatch.setattr(os, "utime", fail)
    else:
        monkeypatch.setattr(os, fault, fail)
    with pytest.raises(StorageError, match="No space left"):
        blobs.write(root, b"second")
    assert len(files(root)) == 1


def test_a_link_in_the_way_is_not_followed(tmp_path):
    root, name = tmp_path / "blobs", hashlib.sha256(b"x").hexdigest()
    target = tmp_path / "elsewhere"
    (root / name[:2]).mkdir(parents=True)
    (root / name[:2] / f"{name}.part").symlink_to(target)
    with pytest.raises(StorageError):
        blobs.write(root, b"x")
    assert not target.exists()
    (root / name[:2] / f"{name}.part").unlink()
    (root / name[:2]).rmdir()
    target.mkdir()
    (root / name[:2]).symlink_to(target)
    with pytest.raises(StorageError):
        blobs.write(root, b"x")
    assert not files(target)


def test_a_damaged_blob_is_not_returned(tmp_path):
    name = blobs.write(tmp_path, b"x")
    (tmp_path / name[:2] / name).write_bytes(b"y")
    with pytest.raises(StorageError, match="damaged"):
        blobs.read(tmp_path, name)


def test_a_missing_blob_cannot_be_read_and_removing_it_again_is_fine(tmp_path):
    name = blobs.write(tmp_path, b"x")
    blobs.remove(tmp_path, name)
    blobs.remove(tmp_path, name)
    blobs.remove(tmp_path, "f" * 64)
    assert not files(tmp_path)
    with pytest.raises(StorageError, match="cannot be read"):
        blobs.read(tmp_path, name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "F" * 64, "0" * 63, "0" * 64 + "/x", "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_reaches_no_file(tmp_path, name):
    for action in (blobs.read, blobs.remove):
        with pytest.raises(StorageError, match="64 hex digits"):
            action(tmp_path, name)


def test_the_sweep_takes_orphans_and_unfinished_files_only(tmp_path):
    kept, orphan = blobs.write(tmp_path, b"kept"), blobs.write(tmp_path, b"orphan")
    part = tmp_path / kept[:2] / f"{kept}.part"
    part.write_bytes(b"half")
    (tmp_path / kept[:2] / "README").write_text("not ours")
    assert blobs.sweep(tmp_path, lambda name: name == kept, 3600) == 0
    assert blobs.sweep(tmp_path, lambda name: name == kept, 0) == 2
    assert files(tmp_path) == sorted([tmp_path / kept[:2] / "README", tmp_path / kept[:2] / kept])
    assert not (tmp_path / orphan[:2] / orphan).exists()
    assert blobs.sweep(tmp_path / "nowhere", lambda _: True, 0) == 0
