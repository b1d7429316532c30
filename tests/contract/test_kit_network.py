"""The kit for backends behind HTTP finds what breaks on bad days: each fault is planted into the uploader ``http``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
import hashlib, urllib.request
from dataclasses import replace
from workdiary.uploader import *
from workdiary_http.uploader import Http
good = Http.deliver
def stored(items): return [Stored(number=one.number, digest=hashlib.sha256(one.body).digest()) for one in items]
"""
FAULTS = [
    ("try: return good(self, items)\n    except TransientError: return stored(items)",
     "a_fault_loses_nothing", "nothing is acknowledged that is not in the store"),
    ("try: return good(self, items)\n    except TransientError: return stored(items)",
     "nonsense", "an answer that says nothing acknowledges nothing"),
    (("if getattr(self, 'again', False): items = [replace(one, openings={}, images=()) for one in items]\n"
     "    self.again = True\n    return good(self, items)"),
     "a_fault_loses_nothing", "has the values that it was sent with"),
    (("if getattr(self, 'again', False): items = [replace(one, images=()) for one in items]\n"
     "    self.again = True\n    return good(self, items)"),
     "a_fault_loses_nothing", "has its images, byte for byte"),
    ("if getattr(self, 'again', False): return stored(items)\n    self.again = True\n    return good(self, items)",
     "a_fault_loses_nothing", "nothing is acknowledged that is not in the store"),
    ("try: return good(self, items)\n    except TransientError as error: raise HaltError(str(error), remedy='call us')",
     "a_fault_loses_nothing", "a fault of the network is transient"),
    (("try: return good(self, items)\n"
     "    except TransientError: return [Rejected(number=one.number, reason='network') for one in items]"),
     "a_fault_loses_nothing", "every entry is kept"),
    ("try: return good(self, items)\n    except HaltError as error: raise TransientError(str(error))",
     "who_is_not_let_in", "raises AuthorizationError"),
    ("try: return good(self, items)\n    except HaltError: return stored(items)",
     "who_is_not_let_in", "raises AuthorizationError"),
    ("try: return good(self, items)\n    except TransientError as error: raise TransientError(str(error))",
     "a_server_that_is_busy", "raises TransientError with the Retry-After"),
    (("asked = urllib.request.Request(self._url, headers={'Authorization': 'Bearer x'})\n"
     "    urllib.request.urlopen(asked).close()\n    return good(self, items)"),
     "the_token_goes", "the token goes to the server that it was given for"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "promise", "said"), [("return good(self, items)", "", ""), *FAULTS])
def test_a_planted_fault_is_found_and_named(tmp_path, body, promise, said):
    (tmp_path / "planted.py").write_text(f"{HEAD}def deliver(self, items):\n    {body}\nHttp.deliver = deliver\n")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "planted"]
    chosen = ["-k", promise] if promise else ["-k", "TestUploader"]
    result = subprocess.run(
        [*command, *chosen, str(ROOT / "plugins/http/tests/test_conformance.py")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert result.returncode == (1 if said else 0), result.stdout
    assert said in result.stdout
