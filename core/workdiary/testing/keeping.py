"""Contract of backends whose store can be looked into: what is there is what was sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from workdiary.testing.hosted import promise
from workdiary.testing.uploader import UploaderContract, make_item
from workdiary.uploader import Item, Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workdiary.uploader import Uploader

HOSTILE = (
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A1",
    "a\0b\n\r\x1b[2J",
    "\u202egnp",
    "x" * 100_000,
)
LONG = 300  #: items


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One entry as it lies in the store."""

    chain: str
    seq: int
    body: bytes
    signature: bytes
    openings: dict[str, bytes]  #: field -> value
    images: dict[str, bytes] | None = None  #: hash -> encrypted bytes; None: this backend keeps no such images


class StoreContract(UploaderContract):
    """One backend and what it keeps. Override ``uploader`` and ``kept``; ``again`` to have a restart tested."""

    @pytest.fixture
    def kept(self) -> Callable[[], Sequence[Kept]]:
        """Return a function that reads what is in the store, not by way of the backend, in the store's order."""
        raise NotImplementedError("override the fixture `kept`: return a function that reads all that is in the store")

    @pytest.fixture
    def again(self) -> Callable[[], Uploader] | None:
        """Return a function that connects anew to the same store, as the next start of the tracker does."""
        return None

    @pytest.fixture
    def tombstone(self, items: list[Item]) -> Item:
        """Return an entry that erases all of some of ``items``; here of the first."""
        last = items[-1]
        erases = ((items[0].seq, "*"),)
        return replace(make_item(last.number + 1), kind="tombstone", openings={}, images=(), erases=erases)

    @pytest.fixture
    def others(self) -> list[Item]:
        """Return entries of another chain, with numbers that ``items`` have too."""
        return [replace(make_item(n + 20), seq=n, chain="device/other", body=b'{"other":%d}' % n) for n in (1, 2)]

    @pytest.fixture
    def hostile(self) -> list[Item]:
        """Return entries whose values are as bad as a window's title can be."""
        salt = bytes(32)
        return [replace(make_item(n), openings={"title": (salt, text.encode())}) for n, text in enumerate(HOSTILE, 1)]

    @pytest.fixture
    def many(self) -> list[Item]:
        """Return a long batch."""
        return [make_item(number) for number in range(1, LONG + 1)]

    def test_what_is_kept_is_what_was_sent(
        self, uploader: Uploader, items: list[Item], kept: Callable[[], Sequence[Kept]]
    ) -> None:
        """Bytes, signatures, values and images."""
        uploader.deliver(items)
        same(items, kept())

    def test_twice_is_once(self, uploader: Uploader, items: list[Item], kept: Callable[[], Sequence[Kept]]) -> None:
        """A second delivery adds nothing and changes nothing."""
        for part in (items, items[1:], items):
            uploader.deliver(part)
        same(items, kept())

    def test_chains_do_not_mix(
        self, uploader: Uploader, items: list[Item], others: list[Item], kept: Callable[[], Sequence[Kept]]
    ) -> None:
        """An entry is found by its chain and its number."""
        uploader.deliver([*items, *others])
        same([*items, *others], kept())

    def test_hostile_values_are_kept_as_they_are(
        self, uploader: Uploader, hostile: list[Item], kept: Callable[[], Sequence[Kept]]
    ) -> None:
        """A title can hold anything."""
        uploader.deliver(hostile)
        same(hostile, kept())

    def test_a_long_batch_is_kept_whole(
        self, uploader: Uploader, many: list[Item], kept: Callable[[], Sequence[Kept]]
    ) -> None:
        """After months offline much comes at once; what is not answered for comes again."""
        rest = many
        while rest:
            answers = uploader.deliver(rest)
            promise(bool(answers), "some of a long batch is answered for", answers)
            rest = rest[len(answers) :]
        same(many, kept())

    def test_other_bytes_never_replace_what_is_kept(
        self, uploader: Uploader, items: list[Item], kept: Callable[[], Sequence[Kept]]
    ) -> None:
        """A second entry of the same number is a fork; it is refused, or its answer tells of the first."""
        uploader.deliver(items)
        fork = replace(items[-1], body=items[-1].body.replace(b"{", b'{"fork":1,', 1))
        (answer,) = uploader.deliver([fork])
        taken = isinstance(answer, Stored) and answer.digest == hashlib.sha256(fork.body).digest()
        promise(not taken, "a fork is not acknowledged", answer)
        same(items, kept())

    def test_what_was_erased_is_gone_and_stays_gone(
        self, uploader: Uploader, items: list[Item], tombstone: Item, kept: Callable[[], Sequence[Kept]]
    ) -> None:
        """Also if the entry comes again as it was, from a queue that did not know yet."""
        uploader.deliver(items)
        uploader.deliver([tombstone])
        named = {seq for seq, _ in tombstone.erases}
        left = [replace(one, openings={}, images=()) if one.seq in named else one for one in items]
        same([*left, tombstone], kept())
        uploader.deliver([one for one in items if one.seq in named])
        same([*left, tombstone], kept())

    def test_what_was_answered_for_outlives_the_backend(
        self,
        uploader: Uploader,
        items: list[Item],
        kept: Callable[[], Sequence[Kept]],
        again: Callable[[], Uploader] | None,
    ) -> None:
        """What is only in the backend's memory is lost with the tracker."""
        if again is None:
            pytest.skip("declare the fixture `again` to have a restart tested")
        uploader.deliver(items[:-1])
        other = again()  # the first was killed: nobody closed it
        other.deliver(items[-1:])
        other.close()
        same(items, kept())


def same(items: Sequence[Item], found: Sequence[Kept]) -> None:
    """Compare a store with what was sent to it."""
    times = Counter((one.chain, one.seq) for one in found)
    promise(not [at for at, many in times.items() if many > 1], "each entry is kept once", times.most_common(1))
    there = {(one.chain, one.seq): one for one in found}
    wanted = {(one.chain, one.seq): one for one in items}
    promise(
        there.keys() >= wanted.keys(), "every entry is kept", f"missing: {sorted(wanted.keys() - there.keys())[:3]}"
    )
    promise(there.keys() <= wanted.keys(), "nothing else is kept", sorted(there.keys() - wanted.keys())[:3])
    for chain in {one.chain for one in items}:
        order = [one.seq for one in found if one.chain == chain]
        promise(order == sorted(order), "a chain is kept in its order", order[:9])
    for at, item in wanted.items():
        one = there[at]
        promise(one.body == item.body, "the body is kept as it was signed", one.body[:60])
        promise(one.signature == item.signature, "the signature is kept", one.signature[:8])
        values = {field: value for field, (_, value) in item.openings.items()}
        promise(
            one.openings == values,
            f"entry {at} has the values that it was sent with, and no others",
            sorted(one.openings),
        )
        if one.images is not None:
            sent = {image.sha256: image.sealed() for image in item.images}
            promise(one.images == sent, f"entry {at} has its images, byte for byte, and no others", sorted(one.images))
