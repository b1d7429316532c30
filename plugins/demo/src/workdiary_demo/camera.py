"""The snapshot of a slot: what is in front, its picture, or a real reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.record.segment import NOT_FINISHED, Shot
from workdiary_demo.cast import EXCLUDED

if TYPE_CHECKING:
    import random

    from workdiary_demo.cast import Scene
    from workdiary_demo.pictures import Pictures
    from workdiary_demo.planning import Stretch

NO_GRABBER = "no screen grabber is installed for this desktop; try: pip install workdiary-mss, or workdiary-wayland"
WAYLAND = "mss: this is a Wayland session, where mss sees a black picture"
WAYLAND_WINDOW = (
    "x11: this is Xwayland, which sees only a part of the desktop; "
    "pywinctl: this is a Wayland session, where PyWinCtl cannot read the active window"
)
#: What goes wrong now and then, and whether it takes the title as well.
MISHAPS = (
    ("the screen is black", False),
    ("nothing is left after redaction", False),
    ("privacy filter redact failed: it raised RuntimeError", True),
    ("mss: mss could not read the screen (XProtoError)", False),
    ("the monitors changed while the picture was taken", False),
    (NOT_FINISHED, True),
)


class Camera:
    """Looks at the made-up desktop. Without *pictures* no grabber is installed."""

    def __init__(self, pictures: Pictures | None, rng: random.Random) -> None:
        self._pictures = pictures
        self._rng = rng
        self._scene: Scene = EXCLUDED
        self._title = ""

    def enter(self, stretch: Stretch) -> Scene:
        """Choose what is in front for the next ten minutes."""
        scenes = stretch.client.scenes
        self._scene = self._rng.choices(scenes, [scene.weight for scene in scenes])[0]
        if self._rng.random() < 0.012:
            self._scene = EXCLUDED
        self._title = self._rng.choice(self._scene.titles)
        return self._scene

    def take(self, slot: int, wall: int, stretch: Stretch) -> Shot:
        """Return the outcome of a snapshot that falls due at *wall*."""
        window = {"app": self._scene.app, "title": self._title}
        luck = self._rng.random()
        mishap = self._rng.choice(MISHAPS)
        if stretch.wayland:
            return Shot(missing=WAYLAND, window={"unknown": WAYLAND_WINDOW})
        if stretch.client.terms.get("snapshots") == "none":
            return Shot(missing="the contract takes no snapshots", window=window)
        if luck < 0.025:
            return Shot(missing=mishap[0], window={"unknown": mishap[0]} if mishap[1] else window)
        if self._pictures is None:
            return Shot(missing=NO_GRABBER, window=window)
        taken_at = wall + self._rng.randrange(120, 420)
        images = self._pictures.take(self._scene, self._title, taken_at, slot, both=self._both(stretch))
        named = [_named(image, taken_at) for image in images]
        return Shot(
            images=named, missing="", window=window, taken_at=taken_at, sources={"window": "x11", "image": "mss"}
        )

    def _both(self, stretch: Stretch) -> bool:
        return stretch.client.terms.get("snapshots") == "all" and self._rng.random() < 0.25


def _named(image: dict[str, Any], taken_at: int) -> dict[str, Any]:
    told = {"noticed_at": taken_at + 400, "noticed_by": "notify"}
    return {**image, "taken_at": taken_at, "cause": "derived", **told}
