"""What the tracker does not carry about."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
import workdiary.tracker.__main__
import hashlib, hmac, random, secrets
assert hashlib.sha256(b"abc").hexdigest().startswith("ba7816bf")
assert hmac.new(b"key", b"text", "sha256").hexdigest().startswith("6afa9046")
print([line.split()[-1] for line in open("/proc/self/maps") if "/libcrypto" in line])
"""


def test_the_tracker_has_no_second_openssl_and_right_hashes_all_the_same():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
