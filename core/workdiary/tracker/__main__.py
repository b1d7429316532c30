"""The tracker in the background: ``python -m workdiary.tracker [--memo] [CONTRACT]``.

With ``--memo`` the memo stands on standard input, as a JSON string.
"""

from __future__ import annotations

import sys

from workdiary.process import spare_openssl

spare_openssl()

from workdiary.tracker.main import main  # noqa: E402 - it imports hashlib

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
