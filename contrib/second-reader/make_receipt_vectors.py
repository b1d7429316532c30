#!/usr/bin/env python3
"""Write docs/reference/vectors/receipts.json: what came back for what was sent, and what counts of it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from _answered import SERVER, good_cases
from _false import false_cases
from _write import public

FILE = Path(__file__).resolve().parents[2] / "docs/reference/vectors/receipts.json"


def text() -> str:
    """Return the content of the file."""
    known = public(SERVER)
    cases = [{"name": name, "public": known, **case} for name, case in (good_cases() | false_cases()).items()]
    return json.dumps(cases, indent=1, sort_keys=True) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.parse_args().out.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
