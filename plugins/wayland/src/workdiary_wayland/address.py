"""Where the compositor's socket is. The environment says where to look; whether one answers decides."""

from __future__ import annotations

import os
from pathlib import Path

USUAL = ("wayland-0", "wayland-1")  #: where ``WAYLAND_DISPLAY`` does not say, as for a service


def candidates() -> list[Path]:
    """Return the sockets at which a compositor may listen, the likeliest first."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    named = os.environ.get("WAYLAND_DISPLAY")
    return [path for name in (USUAL if named is None else [named]) if (path := runtime / name).is_socket()]
