"""What does not count, for the test vectors: receipts, answers and heads with one thing wrong."""

from __future__ import annotations

import base64
from typing import Any

from _answered import DEVICE, MINE, SERVER, Json, answer, case, chain, heads, receipt, refusal, said, says
from _format import TYPE, canonical
from _receipt import TYPE as RECEIPT_TYPE
from _write import identity, key, signed

STRANGER = key("another")
ZEROS = "0" * 64


def false_cases() -> dict[str, Json]:
    """Return what does not count."""
    return (
        {f"a receipt {name}": case(verdict, said(chain(), [one])) for name, (verdict, one) in receipts().items()}
        | {name: case(verdict, one) for name, (verdict, one) in exchanges().items()}
        | later_cases()
    )


def receipts() -> dict[str, tuple[str, Any]]:
    """Return false receipts for the last of four entries."""
    c, d, beyond = chain(length=5)[2:]
    honest = receipt(d)
    said_of = says(d)
    short = {field: value for field, value in said_of.items() if field != "at"}

    def by_server(said: Any) -> Json:
        return dict(signed(said if type(said) is bytes else canonical(said), SERVER, RECEIPT_TYPE))

    return {
        "signed by another server": ("signature", signed(canonical(said_of), STRANGER, RECEIPT_TYPE)),
        "signed by the device": ("signature", signed(canonical(said_of), DEVICE, RECEIPT_TYPE)),
        "signed as an entry": ("signature", signed(canonical(said_of), SERVER, TYPE)),
        "with another's signature": ("signature", honest | {"signature": receipt(c)["signature"]}),
        "with half a signature": ("signature", honest | {"signature": base64.b64encode(bytes(32)).decode()}),
        "that names another server": ("server", receipt(d, server=identity(STRANGER))),
        "of another device": ("chain", receipt(d, chain=f"{identity(STRANGER)}/acme")),
        "of another contract": ("chain", receipt(d, chain=f"{identity(DEVICE)}/beta")),
        "of no chain": ("chain", receipt(d, chain="acme")),
        "for another body": ("digest", receipt(d, digest=ZEROS)),
        "for the body before": ("digest", receipt(d, digest=says(c)["digest"])),
        "that does not reach the last": ("sequence", receipt(c)),
        "that reaches beyond the batch": ("sequence", receipt(beyond)),
        "below zero": ("malformed", receipt(d, seq=-1)),
        "of version 2": ("version", receipt(d, v=2)),
        "of version true": ("malformed", receipt(d, v=True)),
        "of another kind": ("malformed", receipt(d, kind="entry")),
        "with an unknown field": ("malformed", receipt(d, more=1)),
        "without its time": ("malformed", by_server(short)),
        "with a number as a string": ("malformed", receipt(d, seq="3")),
        "that is not in canonical form": ("malformed", by_server(canonical(said_of).replace(b":", b": "))),
        "with a field twice": ("malformed", by_server(canonical(said_of).replace(b"{", b'{"v":1,'))),
        "that is no JSON": ("malformed", by_server(b"stored")),
        "that is no object": ("malformed", by_server([])),
        "that is no base64": ("malformed", honest | {"body": "*"}),
        "without a signature": ("malformed", {"body": honest["body"]}),
        "that is a string": ("malformed", honest["body"]),
    }


def exchanges() -> dict[str, tuple[str, Json]]:
    """Return answers of which one thing is wrong."""
    a, b, c = chain(length=3)
    beta = chain("beta", 1)
    good, told = receipt(c), [answer(a), answer(b), answer(c)]
    refused = [answer(a), answer(b), refusal(c)]
    bare = refusal(c) | {"state": "stored"}
    half = [receipt(b), receipt(beta[0], digest=ZEROS)]
    return {
        "no receipt": ("missing", said([a, b, c], [])),
        "no receipt for one of two chains": ("missing", said([a, *beta], [receipt(a)])),
        "a false receipt beside a good one": ("digest", said([a, *beta, b], half)),
        "a receipt for nothing that was sent": ("chain", said([a, b, c], [good, receipt(beta[0])])),
        "a receipt for what was rejected": ("sequence", said([a, b, c], [good], refused)),
        "a receipt though all was rejected": ("chain", said([a], [receipt(a)], [refusal(a)])),
        "two receipts for one number": ("fork", said([a, b, c], [good, receipt(c, digest=ZEROS)])),
        "two receipts for one number, the false one first": ("fork", said([a, b, c], [receipt(c, digest=ZEROS), good])),
        "an answer too few": ("malformed", said([a, b, c], [good], told[:2])),
        "an answer too many": ("malformed", said([a, b, c], [good], [*told, told[2]])),
        "an answer of an unknown state": ("malformed", said([a, b, c], [good], [*told[:2], answer(c, state="kept")])),
        "an answer for another chain": ("chain", said([a, b, c], [good], [*told[:2], answer(c, chain="acme")])),
        "answers in another order": ("sequence", said([a, b, c], [good], [told[0], told[2], told[1]])),
        "a rejection of another": ("sequence", said([a, b, c], [good], [*told[:2], refusal(b)])),
        "what was stored is at no place": ("chain", said([a], [receipt(a)], [answer(a, chain="", seq=-1)])),
        "an answer with another digest": ("digest", said([a, b, c], [good], [*told[:2], answer(c, digest=ZEROS)])),
        "an answer without a digest": (
            "digest",
            said([a, b, c], [good], [*told[:2], bare]),
        ),
    }


def later_cases() -> dict[str, Json]:
    """Return what contradicts an earlier receipt that was good."""
    a, b, c, d = chain()
    first = said([a, b], [receipt(b)])
    later = {
        "a later receipt acknowledges less": ("rolled-back", said([c, d], [receipt(a)])),
        "a later receipt for the same number differs": ("fork", said([a, b], [receipt(b, digest=ZEROS)])),
        "heads behind a receipt": ("rolled-back", heads([c], {MINE: a})),
        "heads without a chain that was signed for": ("rolled-back", heads([c], {})),
    }
    return {name: case(verdict, first, one, acme=[0, 1]) for name, (verdict, one) in later.items()}
