"""The tracker's snapshots: one process at a time, the others wait their turn."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.payloads import Cause, Occasion, Unknown, Verdict
from workdiary.record.segment import SLACK_MS, Shot
from workdiary.slots import SLOT_MS, slot_start_ms
from workdiary.snapshot.messages import Request
from workdiary.snapshot.runner import Runner

if TYPE_CHECKING:
    from workdiary.config import SnapshotSettings
    from workdiary.payloads import Preview
    from workdiary.plugins.manager import Plugins
    from workdiary.record.due import Due
    from workdiary.snapshot.messages import Result

HOUR_MS = 3_600_000
#: A capture that falls due in a slot's last second begins within the next seconds; the verifier grants it as much.
CAPTURE_MS = 10_000


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A snapshot that has come back. ``preview`` is for the notice, and is gone with it."""

    slot: int
    shot: Shot
    taken_at: int
    wanted: bool  #: an image was to be taken
    preview: Preview | None


class Shots:
    """Decides, starts the snapshot process, and turns its result into what the segment keeps."""

    def __init__(self, plugins: Plugins, settings: SnapshotSettings, *, recipient: str, blobs: str) -> None:
        self._plugins = plugins
        self._settings = settings
        self._recipient = recipient
        self._blobs = blobs
        self._waiting: deque[tuple[Due, Request]] = deque()
        self._running: tuple[Due, Request] | None = None
        self._same: tuple[tuple[str, ...], int] = ((), 0)  # fingerprints, and since when they have been these
        self.runner = Runner()
        self.started = 0  #: how many processes were started: their pipes may have one number

    def begin(self, due: Due, *, wall_ms: int, contract: str, monitors: str, no_image: str) -> None:
        """Queue one snapshot; *no_image* is a reason for which there shall be no image."""
        occasion = Occasion(
            cause=Cause(due.cause),
            wall_ms=wall_ms,
            contract=contract,
            monitors="all" if monitors == "all" else "active",
        )
        if not no_image:
            decision = self._plugins.decide_snapshot(occasion)
            if decision.verdict is Verdict.DENY:
                no_image = decision.reason or "a policy said no"
        self._waiting.append((due, self._request(occasion, no_image)))
        self._start_next()

    def _request(self, occasion: Occasion, no_image: str) -> Request:
        return Request(
            occasion=occasion,
            recipient=self._recipient,
            blobs=self._blobs,
            want_image=not no_image,
            no_image_reason=no_image,
            format=self._settings.format,
            quality=self._settings.quality,
            scale=self._settings.scale,
        )

    def poll(self, now_ms: int) -> Ended | None:
        """Return the snapshot that has ended, once; *now_ms* is monotonic."""
        result = self.runner.poll(now_ms)
        if result is None:
            return None
        running, self._running = self._running, None
        self._start_next()
        if running is None:
            return None
        due, request = running
        shot = self._shot(result, due)
        preview = result.preview if shot.images else None
        return Ended(slot=due.slot, shot=shot, taken_at=result.taken_at, wanted=request.want_image, preview=preview)

    def give_up(self, slot: int) -> bool:
        """Give up what is under way for *slot*; whether that had begun, so that it may have left an image behind."""
        self._waiting = deque(pair for pair in self._waiting if pair[0].slot != slot)
        if self._running is None or self._running[0].slot != slot:
            return False
        self.runner.stop()
        self._running = None
        self._start_next()
        return True

    def stop(self) -> None:
        """Give up what is under way."""
        self._waiting.clear()
        self.runner.stop()

    def _start_next(self) -> None:
        if self._waiting and not self.runner.busy:
            self._running = self._waiting.popleft()
            self.runner.start(self._running[1])
            self.started += 1

    def _shot(self, result: Result, due: Due) -> Shot:
        window = result.window
        seen = {"unknown": window.reason} if isinstance(window, Unknown) else {"app": window.app, "title": window.title}
        missing = result.missing or _outside(result, due.slot) or self._unchanged(result)
        if missing:
            return Shot(missing=missing, window=seen, taken_at=result.taken_at, sources=result.sources)
        images = [
            {
                "sha256": image.sha256,
                "width": image.width,
                "height": image.height,
                "bytes": image.bytes,
                "media_type": image.media_type,
                "taken_at": result.taken_at,
                "cause": due.cause,
            }
            for image in result.images
        ]
        return Shot(images=images, missing="", window=seen, taken_at=result.taken_at, sources=result.sources)

    def _unchanged(self, result: Result) -> str:
        """Return why a picture that has been the same for hours is not kept: a frozen grabber shows no work."""
        prints = tuple(image.fingerprint for image in result.images)
        if prints != self._same[0]:
            self._same = (prints, result.taken_at)
            return ""
        hours = (result.taken_at - self._same[1]) // HOUR_MS
        return f"the picture has not changed for {hours} hours" if hours >= self._settings.unchanged_hours else ""


def _outside(result: Result, slot: int) -> str:
    """Return why a picture of another time than the slot's is not kept: nobody could check its moment."""
    offset = result.taken_at - slot_start_ms(slot)
    return "" if -SLACK_MS <= offset < SLOT_MS + CAPTURE_MS else "the picture was not taken in its ten minutes"
