#!/usr/bin/env python3
"""Write the test vectors of docs/reference/vectors: small exports from fixed seeds, and index.json with their verdicts.

Valid ones are honest weeks; the others are changed by contrib/faults/mutations, each in a way that the format names.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/reference/vectors"
SLOTS = 4  # the least that a made-up week takes
HONEST = {"honest-one-device": 4, "honest-two-devices": 5, "honest-whole-segment": 0}
VERDICTS = {  # what is changed in the week of seed 4, and the verdict by docs/reference/export.md
    "flip a bit of the file": 3,
    "drop an entry": 1,
    "drop an opening": 2,
    "a moment that was picked": 1,
    "a change after the lock": 1,
    "a false day secret": 1,
    "no commitment to the day": 2,
    "another form of JSON": 1,
    "a false amount, signed": 1,
}


def mutations():
    """Load contrib/faults/mutations, a program without a suffix."""
    folder = ROOT / "contrib/faults"
    sys.path.insert(0, str(folder))
    loader = SourceFileLoader("mutations", str(folder / "mutations"))
    module = module_from_spec(spec_from_loader("mutations", loader))
    loader.exec_module(module)
    return module


def vectors() -> dict[str, tuple[bytes, int]]:
    """Return each vector's bytes and its verdict."""
    made = mutations()
    found = {name: (sample(made, seed).bundle, 0) for name, seed in HONEST.items()}
    base = sample(made, HONEST["honest-one-device"])
    for kind, code in VERDICTS.items():
        rng = random.Random(kind)
        changed = next(one for one in (made.mutate(base, kind, rng) for _ in range(9)) if one)
        found[kind.replace(",", "").replace(" ", "-")] = (changed, code)
    return found


def sample(made, seed: int):
    """Return an honest week of few slots with its bundle."""
    one = made.Sample.__new__(made.Sample)
    one.week = made.make_week(seed, slots_per_device=SLOTS)
    one.bundle = one.week.bundle()
    one.members = made.parse(one.bundle)
    return one


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    names = ("verified", "contradiction", "incomplete", "bad input")
    index = []
    for name, (data, code) in vectors().items():
        (folder / f"{name}.zip").write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        index.append({"file": f"{name}.zip", "sha256": digest, "exit_code": code, "verdict": names[code]})
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
