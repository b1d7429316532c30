"""The way of one snapshot: survey, grab, redact, check, encode, seal. Before redaction nothing leaves the memory."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.errors import StorageError
from workdiary.payloads import Cause, Snapshot, Tick, Unknown, Window
from workdiary.slots import slot_of
from workdiary.snapshot import check
from workdiary.snapshot.encode import encode
from workdiary.snapshot.messages import Cost, Image, Request, Result
from workdiary.snapshot.monitors import choose
from workdiary.snapshot.preview import preview
from workdiary.snapshot.seal import seal
from workdiary.system.limits import cpu_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workdiary.payloads import Frame
    from workdiary.plugins.manager import Plugins
    from workdiary.snapshot.encode import Picture


class Stopwatch:
    """Adds up what each stage takes, over all threads of the process and the programs that they ran."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block."""
        cpu, wall = cpu_ms(), time.perf_counter_ns()
        yield
        so_far = self.costs.get(name, Cost(cpu_ms=0, wall_ms=0))
        self.costs[name] = Cost(
            cpu_ms=so_far.cpu_ms + cpu_ms() - cpu,
            wall_ms=so_far.wall_ms + (time.perf_counter_ns() - wall) / 1e6,
        )


def capture(request: Request, plugins: Plugins) -> Result:
    """Take one snapshot. Every doubt ends without image, and a failed privacy filter without title too."""
    watch = Stopwatch()
    taken_at = time.time_ns() // 1_000_000
    sources: dict[str, str] = {}
    seen, missing = _look(request, plugins, watch, sources)
    with watch.stage("redact"):
        safe = plugins.redact(seen)
    if isinstance(safe, Unknown):
        return Result(taken_at=taken_at, window=safe, missing=missing or safe.reason, costs=watch.costs)
    window = _writable(safe.window)
    result = Result(taken_at=taken_at, window=window, missing=missing, costs=watch.costs, sources=sources)
    if missing:
        return result
    try:
        return _keep(request, seen.frames, safe.frames, result, watch)
    except StorageError as error:
        return replace(result, missing=error.message)


def _look(request: Request, plugins: Plugins, watch: Stopwatch, sources: dict[str, str]) -> tuple[Snapshot, str]:
    """Return what is to be seen, with all its secrets, and why there is no frame in it; tell *sources* who said it."""
    occasion = request.occasion
    if not request.want_image:
        return Snapshot(
            occasion=occasion, window=_active_window(plugins, watch, sources)
        ), request.no_image_reason or "not wanted"
    with watch.stage("survey"):
        before = plugins.survey_screen(occasion).value
    with watch.stage("grab"):
        grabbed = plugins.grab_screen(occasion)
        frames, sources["image"] = grabbed.value, grabbed.plugin
    # Read after the grab only: what was active before it stands in the map, which the filters see as well.
    window = _active_window(plugins, watch, sources)
    with watch.stage("survey"):
        after = plugins.survey_screen(occasion).value
    chosen = frames if isinstance(frames, Unknown) else choose(frames, occasion.monitors, window, (before, after))
    seen = Snapshot(occasion=occasion, window=window, before=before, after=after)
    return (seen, chosen.reason) if isinstance(chosen, Unknown) else (replace(seen, frames=chosen), "")


def _active_window(plugins: Plugins, watch: Stopwatch, sources: dict[str, str]) -> Window | Unknown:
    wall_ms = time.time_ns() // 1_000_000
    with watch.stage("window"):
        tick = Tick(wall_ms=wall_ms, mono_ms=time.monotonic_ns() // 1_000_000, slot=slot_of(wall_ms))
        answer = plugins.capture_window(tick)
    sources["window"] = answer.plugin
    return answer.value


def _keep(
    request: Request, grabbed: tuple[Frame, ...], redacted: tuple[Frame, ...], result: Result, watch: Stopwatch
) -> Result:
    """Add the images of all frames that show something, and otherwise why none does."""
    if [(each.rect, each.width, each.height) for each in redacted] != [
        (each.rect, each.width, each.height) for each in grabbed
    ]:
        return replace(result, missing="a privacy filter changed the size of the picture")
    images, kept = [], []
    useless = "there is no monitor"
    for before, after in zip(grabbed, redacted, strict=True):
        with watch.stage("check"):
            why = check.why_useless(before, after)
        if why:
            useless = why
            continue
        with watch.stage("encode"):
            picture = encode(after, image_format=request.format, quality=request.quality, scale=request.scale)
        with watch.stage("seal"):
            images.append(_finish(request, picture))
        kept.append(after)
    if not images:
        return replace(result, missing=useless)
    if request.occasion.cause is Cause.PREVIEW:  # the images themselves are in the result
        return replace(result, images=tuple(images))
    with watch.stage("preview"):
        return replace(result, images=tuple(images), preview=preview(kept))


def _finish(request: Request, picture: Picture) -> Image:
    if request.occasion.cause is Cause.PREVIEW:
        name, size, data = "", len(picture.data), picture.data
    else:
        name, size = seal(picture.data, request.recipient, Path(request.blobs))
        data = b""
    return Image(
        sha256=name,
        width=picture.width,
        height=picture.height,
        bytes=size,
        media_type=picture.media_type,
        fingerprint=check.fingerprint(picture.data),
        data=data,
    )


def _writable(window: Window | Unknown) -> Window | Unknown:
    """Return the window with every half of a character replaced: a title from the desktop may hold what no file can."""
    if isinstance(window, Unknown):
        return window
    return replace(window, app=_text(window.app), title=_text(window.title), handle=_text(window.handle))


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
