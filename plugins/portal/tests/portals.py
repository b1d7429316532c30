"""A desktop portal by script, with its permission store, on a real bus."""

from __future__ import annotations

import io
import os
import threading
import time
from typing import TYPE_CHECKING

from PIL import Image

from workdiary_dbus.testing import Named, Object
from workdiary_portal.request import NAME, PATH, REQUEST

if TYPE_CHECKING:
    from pathlib import Path

HANDLE = f"{PATH}/request/1_1/one"
STORE = "org.freedesktop.impl.portal.PermissionStore"


class Portal:
    """Writes a picture when asked, and names it. What is set here decides what else it does."""

    def __init__(self, address: str, folder: Path) -> None:
        self.folder = folder
        self.size = (1280, 720)
        self.response = 0
        self.silent = self.refuses = self.answers_when_closed = False
        self.said = {"": ["yes"]}  #: who may, as the store has it
        self.uri = ""  #: named instead of the picture's
        self.content: bytes | None = None  #: written instead of a picture
        self.asked: list[dict] = []
        self.closed = threading.Event()
        shots = Object(PATH, "org.freedesktop.portal.Screenshot", {"version": ("u", 2)}, Screenshot=self._screenshot)
        request = Object(HANDLE, REQUEST, Close=self._close)
        store = Object("/org/freedesktop/impl/portal/PermissionStore", STORE, Lookup=self._lookup)
        self._program = Named(address, NAME, shots, request)
        self._store = Named(address, STORE, store)

    def picture(self) -> bytes:
        """Return red, with the bottom right quarter in blue."""
        image = Image.new("RGB", self.size, (200, 10, 20))
        image.paste((10, 20, 200), (self.size[0] // 2, self.size[1] // 2, *self.size))
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    def files(self) -> list[str]:
        """Return what it has left behind."""
        return sorted(path.name for path in self.folder.iterdir())

    def close(self) -> None:
        self._program.close()
        self._store.close()

    def _screenshot(self, parent, options):
        self.asked.append({name: value for name, (_, value) in options.items()})
        if self.refuses:
            return None
        if not self.silent and not self.answers_when_closed:
            threading.Timer(0.02, self._answer).start()
        return "o", (HANDLE,)

    def _answer(self) -> None:
        results = {}
        if self.response == 0:
            path = self.folder / f"Screenshot 1 ä{len(self.asked)}.png"
            path.write_bytes(self.picture() if self.content is None else self.content)
            results = {"uri": ("s", self.uri or path.as_uri())}
        self._program.tell(Object(HANDLE, REQUEST), "Response", "ua{sv}", (self.response, results))

    def _lookup(self, table, identity):
        return ("a{sas}v", (self.said, ("y", 0))) if (table, identity) == ("screenshot", "screenshot") else None

    def _close(self):
        if self.answers_when_closed:
            threading.Timer(0.02, self._answer).start()
        self.closed.set()
        return "", ()


def make_old(path: Path) -> None:
    """Let a file have been there for a minute."""
    os.utime(path, (time.time() - 60,) * 2)
