"""Contract of backends for the diary."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from workdiary.testing.hosted import promise
from workdiary.uploader import Image, Item, Rejected, Stored, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from workdiary.uploader import Uploader

PICTURE = b"sealed picture"


def make_item(number: int) -> Item:
    """Return a made-up entry; a backend that checks signatures overrides the fixture ``items``."""
    body = b'{"kind":"segment","seq":%d}' % number
    digest = hashlib.sha256(PICTURE).hexdigest()
    image = Image(
        sha256=digest, width=1, height=1, media_type="image/jpeg", sealed=lambda: PICTURE, open=lambda: b"jpeg"
    )
    return Item(
        number=number,
        chain="device/contract",
        seq=number,
        kind="segment",
        body=body,
        signature=bytes(64),
        openings={"title": (bytes(32), b"a private title")},
        images=(image,),
    )


class UploaderContract:
    """One backend. Override ``uploader``; declare ``outage`` and ``bad_item`` to have failures tested."""

    @pytest.fixture
    def uploader(self) -> Uploader:
        """Return a backend that reaches an empty store."""
        raise NotImplementedError("override the fixture `uploader`: return your backend, connected to an empty store")

    @pytest.fixture
    def items(self) -> list[Item]:
        """Return entries that the backend has to take."""
        return [make_item(number) for number in (1, 2, 5)]

    @pytest.fixture
    def outage(self) -> Callable[[], AbstractContextManager[object]] | None:
        """Return a context in which the store cannot be reached, or None."""
        return None

    @pytest.fixture
    def bad_item(self) -> Item | None:
        """Return an entry that the backend never takes, or None."""
        return None

    def test_the_name_is_a_stable_word(self, uploader: Uploader) -> None:
        """The durable cursor goes by the name."""
        name = uploader.name
        promise(bool(str(name).strip()), "a backend has a name", repr(name))
        promise(uploader.name == name, "the name stays the same", f"{name!r}, then {uploader.name!r}")

    def test_each_item_is_answered_with_the_hash_of_what_is_kept(self, uploader: Uploader, items: list[Item]) -> None:
        """Stored.digest is the SHA-256 of the body as the backend reads it back."""
        _all_stored(uploader, items)

    def test_the_same_items_may_come_again(self, uploader: Uploader, items: list[Item]) -> None:
        """Delivery is repeated until it is known to have worked, so a second one changes nothing."""
        _all_stored(uploader, items)
        _all_stored(uploader, items)
        _all_stored(uploader, items[1:])

    def test_an_erased_opening_may_come_again(self, uploader: Uploader, items: list[Item]) -> None:
        """After a deletion the same entry comes without its openings and images."""
        _all_stored(uploader, items)
        _all_stored(uploader, [replace(item, openings={}, images=()) for item in items])

    def test_nothing_to_deliver_is_fine(self, uploader: Uploader) -> None:
        """No items, no answers."""
        answers = list(uploader.deliver([]))
        promise(answers == [], "no items get no answers", answers)

    def test_closing_twice_is_fine(self, uploader: Uploader) -> None:
        """Close may come without a delivery, and twice."""
        uploader.close()
        uploader.close()

    def test_an_outage_is_transient(
        self, uploader: Uploader, items: list[Item], outage: Callable[[], AbstractContextManager[object]] | None
    ) -> None:
        """A store that cannot be reached raises TransientError, and afterwards the same items are taken."""
        if outage is None:
            pytest.skip("declare the fixture `outage` to have failures tested")
        with outage():
            try:
                answers = list(uploader.deliver(items))
            except TransientError:
                pass
            except Exception as error:
                promise(kept=False, text="an outage raises TransientError", found=type(error).__name__)
            else:
                promise(kept=False, text="nothing is acknowledged during an outage", found=answers)
        _all_stored(uploader, items)

    def test_a_bad_item_does_not_hold_up_the_others(
        self, uploader: Uploader, items: list[Item], bad_item: Item | None
    ) -> None:
        """What is never taken is Rejected with a reason; the rest is stored."""
        if bad_item is None:
            pytest.skip("declare the fixture `bad_item` to have rejection tested")
        answers = list(uploader.deliver([bad_item, *items]))
        first = answers[0] if answers else None
        refused = isinstance(first, Rejected) and bool(first.reason)
        promise(refused, "a bad item is Rejected with a reason", first)
        promise(all(isinstance(answer, Stored) for answer in answers[1:]), "the items beside it are stored", answers)

    def test_nothing_private_is_logged(
        self, uploader: Uploader, items: list[Item], caplog: pytest.LogCaptureFixture
    ) -> None:
        """Titles are not for logs."""
        with caplog.at_level("DEBUG"):
            uploader.deliver(items)
        values = [value.decode(errors="replace") for item in items for _, value in item.openings.values()]
        promise(not any(value in caplog.text for value in values if value), "no opening is written to the log")


def _all_stored(uploader: Uploader, items: list[Item]) -> None:
    answers = list(uploader.deliver(items))
    numbers = [answer.number for answer in answers]
    wanted = [item.number for item in items]
    promise(numbers == wanted, f"deliver answers for each item in order: {wanted}", numbers)
    for item, answer in zip(items, answers, strict=True):
        promise(isinstance(answer, Stored), f"item {item.number} is stored", answer)
        digest = hashlib.sha256(item.body).digest()
        kept = isinstance(answer, Stored) and answer.digest == digest
        promise(kept, "Stored.digest is the SHA-256 of the body as it is read back", answer)
