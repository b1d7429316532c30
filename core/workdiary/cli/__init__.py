"""The command line. Each file holds the commands of one subject; what they do is done in ``desk`` and ``tracker``."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING

import click

from workdiary.errors import StorageError, UsageError, WorkdiaryError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
_REMEDY = "The next `workdiary start CONTRACT` mends it and keeps the damaged file; see also: workdiary doctor"


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; a user's mistake is one clear message, never a traceback."""
    from workdiary.cli.root import root

    os.umask(0o077)
    _speak_utf8()
    try:
        code = root.main(args=list(arguments), prog_name="workdiary", standalone_mode=False)
    except WorkdiaryError as error:
        _show(error, as_json="--json" in arguments)
        return error.exit_code
    except click.ClickException as error:
        if "--json" in arguments:
            _show(UsageError(error.format_message()), as_json=True)
        else:
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except Exception as error:
        if type(error).__module__ != "apsw":  # imported by the commands that need it
            raise
        trouble = StorageError(f"the journal cannot be read: {error}", remedy=_REMEDY)
        _show(trouble, as_json="--json" in arguments)
        return trouble.exit_code
    return code if isinstance(code, int) else 0


def _speak_utf8() -> None:
    """On Windows a pipe has the encoding of the country, which has not every title's letters."""
    for stream in (sys.stdout, sys.stderr) if sys.platform == "win32" else ():
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _show(error: WorkdiaryError, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": error.message, "remedy": error.remedy}), err=True)
        return
    from workdiary.cli.common import plain

    for line in f"workdiary: {error}".split("\n"):  # it may name what somebody else wrote: a file, a title
        click.echo(plain(line), err=True)
