"""What a server says acknowledges nothing unless all of it, and what it signed, fits what it was sent."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workdiary.journal import entry as kinds
from workdiary.proof import receipt as receipts
from workdiary.testing.peer import Peer
from workdiary.uploader import TransientError
from workdiary_http.uploader import Http


class Liar(Peer):
    """Answers as an honest server would, and changes what it says."""

    def lie(self, change) -> None:
        honest = self.app._entries
        self.app._entries = lambda environ: change(honest(environ))


@pytest.fixture
def liar(serve):
    return serve(Liar)


def without_receipts(told):
    return {**told, "receipts": []}


def signed_by_another(told):
    return {**told, "receipts": [resigned(one) for one in told["receipts"]]}


def resigned(one):
    key = Ed25519PrivateKey.generate()
    body = json.loads(base64.b64decode(one["body"]))
    receipt = receipts.Receipt(**{**body, "server": receipts.server_id(key.public_key())})
    return json.loads(receipts.sign(receipt, key))


def fewer_answers(told):
    return {**told, "answers": told["answers"][:-1]}


@pytest.mark.parametrize(
    "change", [without_receipts, signed_by_another, fewer_answers, lambda _told: {"answers": "yes"}]
)
def test_an_answer_without_a_good_receipt_acknowledges_nothing(house, liar, tmp_path, change):
    house.note("note")
    uploader = Http(liar.url, liar.token, tmp_path / "state")
    uploader.deliver([])
    liar.lie(change)
    with pytest.raises(TransientError):
        uploader.deliver(house.items())


def test_a_receipt_for_another_entry_acknowledges_nothing(house, liar, tmp_path):
    house.note("note")
    items = house.items()
    uploader = Http(liar.url, liar.token, tmp_path / "state")

    def older(told):
        first = liar.app.store.rows(items[0].chain)[0]
        answer = type("A", (), {"chain": items[0].chain, "seq": items[-1].seq, "digest": kinds.digest(first[1])})
        return {**told, "receipts": [liar.app._receipt(answer)]}

    liar.lie(older)
    with pytest.raises(TransientError, match="was not sent"):
        uploader.deliver(items)


def rejects(told, index, **more):
    """Change one answer into a rejection."""
    answers = [dict(one) for one in told["answers"]]
    del answers[index]["digest"]
    answers[index] |= {"state": "rejected", "code": "opening", "reason": "a lie", **more}
    return {**told, "answers": answers}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: rejects(told, -1, seq=0), "for another entry"),
        (lambda told: rejects(told, -1), "not for the last of it"),
        (lambda told: {**told, "answers": [{**one, "digest": "0" * 64} for one in told["answers"]]}, "something else"),
    ],
)
def test_answers_that_contradict_what_was_sent_move_nothing(house, liar, tmp_path, change, words):
    house.note("note")
    liar.lie(change)
    with pytest.raises(TransientError, match=words):
        Http(liar.url, liar.token, tmp_path / "state").deliver(house.items())
