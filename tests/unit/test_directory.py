from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from workdiary import files
from workdiary.builtin import directory
from workdiary.builtin.folder import Folder
from workdiary.errors import ConfigError
from workdiary.journal import entry as kinds
from workdiary.testing import UploaderContract
from workdiary.uploader import Image, Item, Rejected, Stored, TransientError

DEVICE = "3f9a0c1122334455"
SLOT = 2_983_334  # 2026-09-21 14:20 UTC
PICTURE = b"\xff\xd8 the picture in the clear"


def item_of(entry, number, *, openings=None, images=(), erases=()):
    body = kinds.encode(entry)
    opened = {name: (bytes(32), kinds.canonical(value)) for name, value in (openings or {}).items()}
    return Item(
        number=number, chain=f"{entry.device}/{entry.contract}", seq=entry.seq, kind=kinds.kind_of(entry), body=body,
        signature=bytes(range(64)), openings=opened, images=images, erases=erases,
    )  # fmt: skip


def common(seq, device=DEVICE):
    return {"device": device, "contract": "acme", "seq": seq, "prev": "0" * 64, "at": SLOT * 600_000 + seq}


def segment(seq=1, device=DEVICE, title="a private title"):
    entry = kinds.Segment(session="s", slot=SLOT, intervals=[(0, 1000)], moments=[], commits={}, **common(seq, device))
    name = hashlib.sha256(b"sealed %d" % seq).hexdigest()
    image = Image(
        sha256=name, width=1, height=1, media_type="image/jpeg", sealed=lambda: b"sealed", open=lambda: PICTURE
    )
    values = {"window": {"app": "Editor", "title": title}, "snapshot": {"taken_at": 1}}
    return item_of(entry, seq + 10, openings=values, images=(image,))


def manual(seq, memo="a memo"):
    return item_of(kinds.Manual(slot=SLOT, commits={}, **common(seq)), seq + 10, openings={"memo": memo})


def edit(seq, of, memo):
    return item_of(kinds.Edit(of=of, commits={}, **common(seq)), seq + 10, openings={"memo": memo})


def tombstone(seq, *erases):
    entry = kinds.Tombstone(of=[one for one, _ in erases], fields=["*"], why="owner", **common(seq))
    return item_of(entry, seq + 10, erases=erases)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "mirror", tmp_path / "state")


@pytest.fixture
def root(folder):
    return folder._root


def names(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def contents(root):
    return {name: (root / name).read_bytes() for name in names(root)}


def everything(root):
    return b"\n".join(contents(root).values())


class TestDirectory(UploaderContract):
    """The kit that every uploader has to pass."""

    @pytest.fixture
    def uploader(self, folder):
        return folder

    @pytest.fixture
    def items(self):
        return [segment(1), manual(2), edit(3, [2], "mended")]

    @pytest.fixture
    def bad_item(self):
        return replace(segment(9), body=b"[]")

    @pytest.fixture
    def outage(self, folder, root):
        @contextmanager
        def unmounted():
            folder.deliver([])
            root.rename(root.with_name("away"))
            yield
            root.with_name("away").rename(root)

        return unmounted


def test_a_day_is_a_folder_that_people_can_read(folder, root):
    item = segment()
    folder.deliver([item, edit(2, [1], "mended")])
    mark, other = (hashlib.sha256(one.body).hexdigest()[:8] for one in (item, edit(2, [1], "mended")))
    picture = f"1420-000001-{mark}-{item.images[0].sha256[:8]}.jpg"
    day = root / "acme" / "2026-09-21"
    assert names(day) == [f"1420-000001-{mark}-{item.images[0].sha256[:8]}.jpg", f"1420-000001-{mark}.json",
                          f"journal/1420-000002-{other}.json"]  # fmt: skip
    assert (day / picture).read_bytes() == PICTURE
    shown = json.loads((day / f"1420-000001-{mark}.json").read_text())
    assert shown["entry"]["slot"] == SLOT
    assert shown["values"]["window"] == {"app": "Editor", "title": "a private title"}
    assert shown["images"] == [picture]


def test_what_was_signed_can_be_taken_back_out_of_a_file(folder, root):
    item = segment()
    folder.deliver([item])
    shown = json.loads(next(root.rglob("*.json")).read_text())
    assert base64.b64decode(shown["signed"]["body"]) == item.body
    assert bytes.fromhex(shown["signed"]["signature"]) == item.signature
    again = {
        name: (bytes.fromhex(shown["salts"][name]), kinds.canonical(value)) for name, value in shown["values"].items()
    }
    assert again == item.openings


def test_nobody_else_may_read_it(folder, root):
    folder.deliver([segment(), edit(2, [1], "x")])
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [root, *root.rglob("*")]}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_what_comes_again_with_less_takes_nothing_away(folder, root):
    folder.deliver([segment()])
    before = contents(root)
    folder.deliver([replace(segment(), openings={}, images=())])
    assert contents(root) == before


def test_a_deletion_takes_values_and_pictures_away_for_good(folder, root):
    folder.deliver([segment(1), segment(2, title="kept"), edit(3, [1], "a mended secret")])
    folder.deliver([tombstone(4, (1, "*"), (3, "*"))])
    assert not any(word in everything(root) for word in (b"private", b"mended secret"))
    assert [name for name in names(root) if name.endswith(".jpg") and "-000001-" in name] == []
    assert b"kept" in everything(root)
    assert everything(root).count(PICTURE) == 1
    before = contents(root)
    folder.deliver([segment(1), edit(3, [1], "a mended secret"), tombstone(4, (1, "*"), (3, "*"))])
    assert contents(root) == before


def test_a_picture_can_be_deleted_alone(folder, root):
    folder.deliver([segment(1)])
    folder.deliver([tombstone(2, (1, "snapshot"))])
    folder.deliver([segment(1)])
    assert not [name for name in names(root) if name.endswith(".jpg")]
    (path,) = (root / "acme" / "2026-09-21").glob("*.json")
    shown = json.loads(path.read_text())
    assert (list(shown["values"]), shown["images"], shown["erased"]) == (["window"], [], ["snapshot"])


def test_a_deletion_also_takes_what_a_crash_left_half_written(folder, root):
    folder.deliver([segment(1)])
    picture = next(root.rglob("*.jpg"))
    picture.with_name(picture.name + ".part").write_bytes(PICTURE)
    folder.deliver([tombstone(2, (1, "*"))])
    assert PICTURE not in everything(root)


def test_two_devices_and_a_restored_journal_do_not_overwrite_each_other(folder, root):
    folder.deliver([segment(1, title="laptop")])
    folder.deliver([segment(1, device="00" * 8, title="desktop")])
    forked = replace(segment(1, title="restored"))
    folder.deliver([replace(forked, body=forked.body.replace(b'"session":"s"', b'"session":"t"'))])
    assert all(word in everything(root) for word in (b"laptop", b"desktop", b"restored"))
    folder.deliver([tombstone(2, (1, "*"))])
    assert b"desktop" in everything(root)
    assert b"laptop" not in everything(root)


def test_a_damaged_file_is_written_anew_and_never_read_as_stored(folder, root):
    folder.deliver([segment(1)])
    (path,) = root.rglob("*.json")
    path.write_bytes(path.read_bytes()[:100])
    (answer,) = folder.deliver([segment(1)])
    assert answer == Stored(number=11, digest=hashlib.sha256(segment(1).body).digest())
    assert b"a private title" in everything(root)
    path.write_bytes(path.read_bytes()[:300])
    folder.deliver([tombstone(2, (1, "*"))])
    assert b"private" not in everything(root)
    assert PICTURE not in everything(root)


def test_a_folder_that_was_there_once_is_not_made_again(folder, root):
    folder.deliver([segment(1)])
    root.rename(root.with_name("away"))
    with pytest.raises(TransientError, match="mount its disk"):
        folder.deliver([segment(2)])
    assert not root.exists()


def test_a_folder_without_its_parent_is_not_made(tmp_path):
    with pytest.raises(TransientError, match="not there"):
        Folder(tmp_path / "media" / "stick", tmp_path / "state").deliver([segment()])
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize(("code", "says"), [(28, "full"), (30, "Read-only"), (13, "Permission denied"), (122, "quota")])
def test_a_disk_that_refuses_is_named_and_what_fitted_counts(folder, root, monkeypatch, code, says):
    folder.deliver([])
    write = files.write

    def refuse(handle, name, data):
        if b"segment" in data:
            raise OSError(code, os.strerror(code))
        write(handle, name, data)

    monkeypatch.setattr(files, "write", refuse)
    assert [one.number for one in folder.deliver([manual(1), segment(2), manual(3)])] == [11]
    with pytest.raises(TransientError, match=says):
        folder.deliver([segment(2), manual(3)])


@pytest.mark.parametrize("level", ["acme", "acme/2026-09-21", "file"])
def test_symbolic_links_are_never_followed(folder, root, tmp_path, level):
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "victim").write_text("untouched")
    folder.deliver([segment()])
    path = next(root.rglob("*.json")) if level == "file" else root / level
    if path.is_dir():
        path.rename(tmp_path / "moved")
    else:
        path.unlink()
    path.symlink_to(target / "victim" if level == "file" else target)
    with pytest.raises(TransientError, match="symbolic link"):
        folder.deliver([segment()])
    assert names(target) == ["victim"]
    assert (target / "victim").read_text() == "untouched"


@pytest.mark.parametrize("contract", ["../up", "/abs", "", "a/b", 5])
def test_an_entry_cannot_choose_a_place_outside(folder, root, contract):
    item = replace(segment(), body=json.dumps({"contract": contract, "slot": SLOT}).encode())
    (answer,) = folder.deliver([item])
    assert isinstance(answer, Rejected)
    assert names(root) == []


def context(tmp_path, path):
    return SimpleNamespace(
        config=directory.Config(path=path), state_directory=tmp_path / "data" / "plugins" / "directory"
    )


def test_it_is_off_until_a_path_is_set(tmp_path):
    assert directory.workdiary_register_uploaders(context(tmp_path, "")) == []
    assert directory.Config().path == ""


@pytest.mark.parametrize(
    ("path", "says"), [("relative", "not absolute"), ("{}/data/mirror", "own data"), ("{}/link", "own data")]
)
def test_a_path_that_cannot_be_right_is_refused(tmp_path, path, says):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    with pytest.raises(ConfigError, match=says):
        directory.workdiary_register_uploaders(context(tmp_path, path.format(tmp_path)))
