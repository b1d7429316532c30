"""What the freelancer does to the diary afterwards, by the rules of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.slots import slot_of, slot_start_ms

if TYPE_CHECKING:
    import random

    from workdiary_demo.ledger import Ledger
    from workdiary_demo.planning import Change

MENDED = ("Mend the flaky booking test, with notes", "Call with the client about the release", "Read the specification")


def carry_out(change: Change, ledger: Ledger, rng: random.Random) -> None:
    """Carry out one planned change, if there is something to do it to."""
    name = change.client.name
    ledger.flush()
    own = [one for one in ledger.week if one.contract == name]
    match change.kind:
        case "add":
            ledger.change(change.at, "contract_add", contract=name, terms=change.terms)
        case "edit":
            ledger.change(change.at, "contract_edit", contract=name, terms=change.terms)
        case "memo" if own:
            first = rng.randrange(len(own))
            ids = [one.id for one in own[first : first + 3]]
            ledger.change(change.at, "edit_memo", segments=ids, memo=rng.choice(MENDED))
        case "delete" if len(own) > 4:
            first = rng.randrange(len(own) - 2)
            ids = [one.id for one in own[first : first + rng.choice((1, 1, 2))]]
            ledger.change(change.at, "delete", segments=ids, keep_time=False)
            ledger.drop(ids)
        case "bare":
            seen = [one for one in own if one.has_image]
            if seen:
                chosen = rng.choice(seen).id
                ledger.change(change.at, "delete", segments=[chosen], keep_time=True)
                ledger.drop([chosen])
        case "manual":
            # the two slots before: the freelancer has been on the phone since the last session
            start = slot_of(change.at) - 2
            if not any(one.slot in {start, start + 1} for one in ledger.week):
                ledger.change(
                    change.at,
                    "manual_add",
                    contract=name,
                    start_ms=slot_start_ms(start),
                    slots=rng.choice((1, 2)),
                    memo="On the phone with the client",
                )
