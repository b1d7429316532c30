"""A diary goes to a server as it was signed, once, and is acknowledged by a receipt only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from workdiary.journal import entry as kinds
from workdiary.proof import receipt as receipts
from workdiary.proof.links import public_key
from workdiary.testing.peer import Peer
from workdiary.testing.peer.app import ProblemError
from workdiary.uploader import AuthorizationError, BehindError, HaltError, Rejected, Stored, TransientError
from workdiary_http.uploader import Http


def test_entries_openings_and_images_arrive_as_they_are_and_are_receipted(house, peer, uploader, kept):
    house.note("first")
    _, name = house.shot(b"a picture")
    items = house.items()
    answers = uploader.deliver(items)
    assert all(isinstance(one, Stored) for one in answers)
    assert kept(items)
    shot = items[-1]
    assert peer.store.openings(shot.chain, shot.seq) == shot.openings
    assert peer.store.image(name) == shot.images[0].sealed()
    public = public_key(json.loads((house.home / "state/servers.json").read_text())[peer.url])
    for item, answer in zip(items, answers, strict=True):
        told = receipts.read(answer.receipt, public)
        assert (told.chain, told.seq >= item.seq) == (item.chain, True)


def test_what_was_deleted_here_is_gone_there(house, peer, uploader, kept):
    house.note("private")
    _, name = house.shot(b"a picture")
    uploader.deliver(house.items())
    note, shot = house.items()[-2:]
    house.append(kinds.Tombstone, of=[note.seq, shot.seq], fields=["*"], why="owner")
    uploader.deliver(house.items()[-1:])
    assert [peer.store.openings(one.chain, one.seq) for one in (note, shot)] == [{}, {}]
    assert peer.store.image(name) is None
    uploader.deliver([note, shot])  # a copy that still had them brings nothing back
    assert [peer.store.openings(one.chain, one.seq) for one in (note, shot)] == [{}, {}]
    assert kept(house.items())


def test_the_memo_of_an_edit_goes_with_what_it_edits(house, peer, uploader):
    house.note("first")
    seq = house.items()[-1].seq
    house.append(kinds.Edit, {"memo": "a secret"}, of=[seq])
    edit = house.items()[-1]
    uploader.deliver(house.items())
    assert peer.store.openings(edit.chain, edit.seq)
    house.append(kinds.Tombstone, of=[seq], fields=["*"], why="owner")
    uploader.deliver(house.items())
    assert peer.store.openings(edit.chain, edit.seq) == {}


def test_chains_of_several_contracts_may_be_mixed(house, peer, uploader):
    for number in range(6):
        house.note(f"note {number}", contract=("acme", "other")[number % 2])
    assert all(isinstance(one, Stored) for one in uploader.deliver(house.items()))
    assert len(peer.store.heads()) == 2


def test_an_entry_that_was_changed_is_refused_and_the_others_go_on(house, uploader):
    for number in range(3):
        house.note(f"note {number}", contract=f"c{number}")
    items = house.items()
    bad = next(index for index, item in enumerate(items) if item.kind == "manual")
    items[bad] = replace(items[bad], signature=bytes(64))
    answers = uploader.deliver(items)
    assert isinstance(answers[bad], Rejected)
    assert answers[bad].reason.startswith("signature:")
    assert sum(isinstance(one, Stored) for one in answers) == len(items) - 1


def test_a_value_that_was_not_signed_is_refused(house, uploader):
    house.note("note")
    *before, last = house.items()
    forged = replace(last, openings={"memo": (last.openings["memo"][0], b'"another"')})
    assert uploader.deliver([*before, forged])[-1].reason.startswith("opening:")


def test_a_second_history_of_one_device_is_a_fork_for_ever(house, uploader, kept):
    house.note("note")
    items = house.items()
    uploader.deliver(items)
    body = items[-1].body.replace(b'"slot":1', b'"slot":2')
    other = replace(items[-1], body=body, signature=house.keys.sign(body))
    for _ in range(2):
        assert uploader.deliver([other])[0].reason.startswith("fork:")
    assert kept(items)


def test_a_server_that_lost_entries_says_how_far_it_is(house, uploader):
    for number in range(5):
        house.note(f"note {number}")
    items = house.items()
    uploader.deliver(items[:2])
    with pytest.raises(BehindError) as told:
        uploader.deliver(items[4:])
    assert told.value.heads == {items[0].chain: items[1].seq}


def test_what_the_server_cannot_read_holds_up_nobody(house, uploader):
    for number in range(3):
        house.note(f"note {number}")
    items = house.items()
    body = kinds.canonical(json.loads(items[-2].body) | {"kind": "later"})
    answers = uploader.deliver([*items[:-2], replace(items[-2], body=body), items[-1]])
    assert [type(one) for one in answers[-3:]] == [Stored, Rejected, Stored]


def test_another_servers_key_pauses_until_a_person_has_looked(house, tmp_path):
    house.note("note")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with Peer(tmp_path / "one") as first:
        Http(first.url, first.token, tmp_path / "state").deliver(house.items())
        port = first.port
    second = Peer(tmp_path / "two")
    second.port = port
    with second, pytest.raises(HaltError, match="another key") as told:
        Http(second.url, second.token, tmp_path / "state").deliver(house.items())
    assert "servers.json" in told.value.remedy


def test_a_token_that_is_refused_pauses_with_the_remedy(house, peer, tmp_path):
    with pytest.raises(AuthorizationError, match="401") as told:
        Http(peer.url, "another", tmp_path / "state").deliver(house.items())
    assert "token_file" in told.value.remedy


def test_a_rejected_entry_holds_up_nobody_and_fills_its_hole_later(house, uploader, kept):
    for number in range(4):
        house.note(f"note {number}")
    items = house.items()
    bad = replace(items[2], openings={"memo": (items[2].openings["memo"][0], b'"another"')})
    answers = uploader.deliver([*items[:2], bad, *items[3:]])
    assert [type(one) for one in answers] == [
        Rejected if one is bad else Stored for one in [*items[:2], bad, *items[3:]]
    ]
    assert isinstance(uploader.deliver(items[3:])[0], Stored)
    assert isinstance(uploader.deliver([items[2]])[0], Stored)
    assert kept(items)


def test_an_entry_that_is_too_large_goes_without_its_values_and_the_others_whole(
    house, peer, uploader, monkeypatch, kept
):
    house.note("short")
    house.note("x" * 5_000)
    house.note("short too")
    monkeypatch.setattr("workdiary.testing.peer.app.MOST_BYTES", 4_000)
    items = house.items()
    answers = uploader.deliver(items)
    (large,) = [index for index, one in enumerate(answers) if isinstance(one, Rejected)]
    assert len(items[large].openings["memo"][1]) > 5_000
    assert "without its values" in answers[large].reason
    assert kept(items)
    assert peer.store.openings(items[large].chain, items[large].seq) == {}
    monkeypatch.setattr("workdiary.testing.peer.app.MOST_BYTES", 40_000)
    assert isinstance(uploader.deliver([items[large]])[0], Stored)
    assert peer.store.openings(items[large].chain, items[large].seq) == items[large].openings


def test_a_device_that_lost_its_latest_entries_goes_on_behind_them(house, uploader):
    for number in range(4):
        house.note(f"note {number}")
    items = house.items()
    uploader.deliver(items)
    last = items[-1].seq
    body = kinds.encode(
        kinds.Recover(
            device=items[0].chain.partition("/")[0], contract="acme", seq=last + 1, at=1, lost_from=last, lost_to=last,
            prev=kinds.digest(items[-2].body), reason="damaged",
        )
    )  # fmt: skip
    recovered = replace(
        items[-1], seq=last + 1, kind="recover", body=body, signature=house.keys.sign(body), openings={}
    )
    assert isinstance(uploader.deliver([recovered])[0], Stored)


def test_a_place_for_images_that_refuses_is_asked_for_again_and_pauses_nothing(house, peer, uploader):
    house.shot(b"a picture")

    def refuse(*_):
        raise ProblemError(401, "the ticket is too old")

    peer.app._image = refuse
    with pytest.raises(TransientError, match="too old"):
        uploader.deliver(house.items())


@pytest.mark.parametrize(
    ("url", "mode", "said"),
    [("http://example.org/v1/", 0o600, "not encrypted"), ("https://example.org/v1/", 0o644, "others may read")],
)
def test_the_queue_says_why_a_server_is_left_out(tmp_path, url, mode, said):
    (tmp_path / "token").write_text("secret token")
    (tmp_path / "token").chmod(mode)
    env = {**os.environ, "WORKDIARY_HOME": str(tmp_path / "home"), "DISPLAY": "", "WAYLAND_DISPLAY": ""}

    def run(*words):
        command = [sys.executable, "-m", "workdiary", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60).stdout

    run("contract", "add", "acme", "--rate", "50")
    run("config", "set", "plugins.http.url", url)
    run("config", "set", "plugins.http.token_file", str(tmp_path / "token"))
    told = run("queue")
    assert said in told
    assert "secret token" not in told
