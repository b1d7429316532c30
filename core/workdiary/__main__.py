"""The command ``workdiary``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit: 0 done, 1 it could not, 2 wrong use."""
    from workdiary.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
