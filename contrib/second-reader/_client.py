"""What a client takes for acknowledged, by docs/reference/protocol.md, over all that one server answered."""

from __future__ import annotations

from typing import Any

from _receipt import FaultError, identity, read_receipt, stored_of

Stored = dict[str, dict[int, str]]


class Client:
    """What a client knows of one server: what was signed for, and what counts."""

    def __init__(self, public: str) -> None:
        self.public = public
        self.signed: dict[tuple[str, int], str] = {}  # by all that was truly the server's, good or bad
        self.acknowledged: dict[str, list[int]] = {}
        self.faults: list[str] = []

    def take(self, exchange: dict[str, Any]) -> None:
        """Take one batch and what came back for it: an answer counts whole, or not at all."""
        try:
            if "heads" in exchange:
                return self._compare(exchange["heads"])
            stored = stored_of([identity(entry) for entry in exchange["entries"]], exchange["answers"])
            self._check(exchange["receipts"], stored)
        except FaultError as fault:
            return self.faults.append(str(fault))
        for chain, digests in stored.items():
            self.acknowledged[chain] = sorted({*self.acknowledged.get(chain, ()), *digests})
        return None

    def _check(self, told: Any, stored: Stored) -> None:
        receipts = [read_receipt(self.public, signed) for signed in told] if type(told) is list else []
        before = {chain: self._reached(chain) for chain in stored}
        for receipt in receipts:
            if self.signed.setdefault((receipt["chain"], receipt["seq"]), receipt["digest"]) != receipt["digest"]:
                raise FaultError("fork")
        for receipt in receipts:
            self._compare_one(receipt, stored, before)
        if stored.keys() - {receipt["chain"] for receipt in receipts}:
            raise FaultError("missing")

    def _compare_one(self, receipt: dict[str, Any], stored: Stored, before: dict[str, int]) -> None:
        chain, seq = receipt["chain"], receipt["seq"]
        if chain not in stored:
            raise FaultError("chain")
        last = max(stored[chain])
        if seq != last:
            raise FaultError("rolled-back" if seq < min(last, before[chain]) else "sequence")
        if receipt["digest"] != stored[chain][seq]:
            raise FaultError("digest")

    def _compare(self, heads: dict[str, Any]) -> None:
        """Find out whether the server still has what it signed for; heads are not signed, and acknowledge nothing."""
        if any(heads.get(chain, {"seq": -1})["seq"] < self._reached(chain) for chain in self.acknowledged):
            raise FaultError("rolled-back")

    def _reached(self, chain: str) -> int:
        return max((seq for one, seq in self.signed if one == chain), default=-1)
