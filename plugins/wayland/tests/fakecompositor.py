"""A compositor by script that offers ext-image-copy-capture, which none of this system does: one output, one session.

It speaks the protocol on a real socket, and draws into the memory that it is handed.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import socket
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GLOBALS = {1: ("wl_shm", 1), 2: ("wl_output", 2), 3: ("ext_output_image_capture_source_manager_v1", 1)}
GLOBALS |= {4: ("ext_image_copy_capture_manager_v1", 1)}
XRGB, XBGR, UNKNOWN_FORM = 1, 0x34324258, 0x20203852
OTHER_BUFFER = 1


class FakeCompositor:
    """``pixels``: what it shows, as B G R X; the rest is how it behaves."""

    def __init__(self, folder: Path, width: int = 4, height: int = 2) -> None:
        self.width, self.height = width, height
        self.pixels = b"".join(bytes((n, 2 * n, 3 * n, 255)) for n in range(1, width * height + 1))
        self.forms, self.transform = [UNKNOWN_FORM, XRGB], 0
        self.fail: list[int] = []  #: reasons with which the next frames fail
        self.stops = self.silent = self.hangs_up = False
        self.options: list[int] = []
        self.left: set[int] = set()  #: sessions, sources and frames that were not destroyed
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "wayland-0"))
        self._listener.listen()
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # so that accept returns
        self._listener.close()

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # it is closed
            while True:
                link, _ = self._listener.accept()
                threading.Thread(target=_Link(self, link).serve, daemon=True).start()


class _Link:
    def __init__(self, world: FakeCompositor, link: socket.socket) -> None:
        self._world, self._link = world, link
        self._kinds = {1: "wl_display"}
        self._files: list[int] = []
        self._pool = self._buffer = b""
        self._attached: tuple[int, int, int, int, int] = (0,) * 5

    def serve(self) -> None:
        with self._link, contextlib.suppress(ConnectionError):
            self._serve()

    def _serve(self) -> None:
        data = b""
        while True:
            more, files, _, _ = socket.recv_fds(self._link, 1 << 16, 4)
            if not more:
                return
            self._files += files
            data += more
            while len(data) >= 8 and len(data) >= (size := struct.unpack_from("=II", data)[1] >> 16):
                target, word = struct.unpack_from("=II", data)
                body, data = data[8:size], data[size:]
                if not self._take(target, word & 0xFFFF, body):
                    return

    def _send(self, target: int, opcode: int, *values: int | str) -> None:
        body = b""
        for value in values:
            if isinstance(value, str):
                text = value.encode() + b"\0"
                body += struct.pack("=I", len(text)) + text + b"\0" * (-len(text) % 4)
            else:
                body += struct.pack("=I", value & 0xFFFFFFFF)
        with contextlib.suppress(BrokenPipeError):  # who has hung up may have asked for more before
            self._link.sendall(struct.pack("=II", target, (len(body) + 8) << 16 | opcode) + body)

    def _take(self, target: int, opcode: int, body: bytes) -> bool:
        kind = self._kinds.get(target, "")
        act = getattr(self, f"_{kind}_{opcode}", None)
        if act is not None:
            act(target, struct.unpack(f"={len(body) // 4}I", body) if kind != "wl_registry" else body)
        return not (self._world.hangs_up and kind == "ext_image_copy_capture_manager_v1")

    def _wl_display_0(self, _target, values) -> None:  # sync
        self._send(values[0], 0, 0)

    def _wl_display_1(self, _target, values) -> None:  # get_registry
        self._kinds[values[0]] = "wl_registry"
        for name, (interface, version) in GLOBALS.items():
            self._send(values[0], 0, name, interface, version)

    def _wl_registry_0(self, _target, body) -> None:  # bind
        name, number = struct.unpack_from("=I", body)[0], struct.unpack_from("=I", body, len(body) - 4)[0]
        self._kinds[number] = GLOBALS[name][0]
        if name == 2:
            self._send(number, 0, -7, 3, 300, 200, 0, "maker", "model", self._world.transform)
            self._send(number, 1, 1, self._world.width, self._world.height, 60000)

    def _wl_shm_0(self, _target, values) -> None:  # create_pool
        self._kinds[values[0]] = "wl_shm_pool"

    def _wl_shm_pool_0(self, _target, values) -> None:  # create_buffer
        self._attached = values[1:6]

    def _ext_output_image_capture_source_manager_v1_0(self, _target, values) -> None:  # create_source
        self._kinds[values[0]] = "source"
        self._world.left.add(values[0])

    def _source_0(self, target, _values) -> None:
        self._world.left.discard(target)

    def _ext_image_copy_capture_manager_v1_0(self, _target, values) -> None:  # create_session
        self._kinds[values[0]] = "session"
        self._world.left.add(values[0])
        self._world.options.append(values[2])
        self._tell(values[0])

    def _tell(self, session: int) -> None:
        if self._world.stops:
            self._send(session, 5)
        elif not self._world.silent:
            self._send(session, 0, self._world.width, self._world.height)
            for form in self._world.forms:
                self._send(session, 1, form)
            self._send(session, 4)

    def _session_0(self, target, values) -> None:  # create_frame
        self._kinds[values[0]] = "frame"
        self._world.left.add(values[0])
        self._session = target

    def _session_1(self, target, _values) -> None:
        self._world.left.discard(target)

    def _frame_0(self, target, _values) -> None:
        self._world.left.discard(target)

    def _frame_3(self, target, _values) -> None:  # capture
        world = self._world
        if world.fail:
            reason = world.fail.pop(0)
            if reason == OTHER_BUFFER:
                world.width, world.height = world.height, world.width
                self._tell(self._session)
            self._send(target, 4, reason)
            return
        _offset, width, height, stride, form = self._attached
        pixels = bytearray(world.pixels)
        if form == XBGR:
            pixels[0::4], pixels[2::4] = world.pixels[2::4], world.pixels[0::4]
        with mmap.mmap(self._files[-1], stride * height) as shared:
            shared[: width * height * 4] = bytes(pixels)
        self._send(target, 0, world.transform)
        self._send(target, 3)
        while self._files:
            os.close(self._files.pop())
