#!/usr/bin/env python3
"""Judge what a server answered and signed for, written from docs/reference/protocol.md and journal.md alone.

Prints what is acknowledged, and `valid` (exit 0) or the first fault (exit 1). Needs Python and `cryptography` only.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from _client import Client


def judge(case: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict on a case of docs/reference/vectors/receipts.json and what counts as acknowledged."""
    client = Client(case["public"])
    for exchange in case["exchanges"]:
        client.take(exchange)
    return {"verdict": next(iter(client.faults), "valid"), "acknowledged": client.acknowledged}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, help="JSON with public and exchanges, as a case of the vectors")
    judged = judge(json.loads(parser.parse_args().file.read_text("utf-8")))
    print(json.dumps(judged, indent=2))
    return int(judged["verdict"] != "valid")


if __name__ == "__main__":
    sys.exit(main())
