"""Talks to the desktop's keyring and ends: ``python -m workdiary.journal.keyring_child get|set DEVICE``.

The secret goes in by standard input and out by standard output. Exit 3: there is no keyring worth the name.
"""

from __future__ import annotations

import sys

#: Backends that keep a secret from other users and from a copied disk. Others are no better than our own 0600 file.
TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
    "keyring.backends.libsecret",
)
SERVICE = "workdiary"
NO_KEYRING = 3


def main() -> int:
    """Run one action."""
    import keyring
    from keyring.errors import KeyringError

    action, device = sys.argv[1:]
    backend = keyring.get_keyring()
    backends = getattr(backend, "backends", [backend])
    trusted = [one for one in backends if type(one).__module__.startswith(TRUSTED)]
    if not trusted:
        return NO_KEYRING
    try:
        if action == "set":
            trusted[0].set_password(SERVICE, device, sys.stdin.read())
            return 0
        secret = trusted[0].get_password(SERVICE, device)
    except KeyringError:
        return NO_KEYRING
    if secret is None:
        return NO_KEYRING
    sys.stdout.write(secret)
    return 0


if __name__ == "__main__":
    sys.exit(main())
