"""From a notice to the arguments of ``Notify``, for what the service can show."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from workdiary.payloads import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from workdiary.payloads import Notice, Preview

APP = "Workdiary"
NORMAL, CRITICAL = 1, 2
FOR_GOOD = 0  #: the service shall not close it by itself
#: Where a service has no buttons, the way to do it by hand.
BY_HAND = {"discard": "To delete it: workdiary delete open", "idle": "To answer: workdiary idle keep, discard or stop"}
_IMAGES = {"icon-static", "icon-multi"}


def arguments(notice: Notice, abilities: Collection[str], replaces: int = 0) -> tuple[Any, ...]:
    """Return the body of a call of ``Notify``, signature ``susssasa{sv}i``."""
    is_question = notice.kind is NoticeKind.IDLE and bool(notice.actions)
    lines = [notice.text] if notice.text else []
    if "actions" not in abilities:
        lines += [BY_HAND[one] for one in dict.fromkeys(one.command for one in notice.actions) if one in BY_HAND]
    buttons = [text for index, one in enumerate(notice.actions) for text in (str(index), one.label)]
    hints: dict[str, tuple[str, Any]] = {
        "urgency": ("y", CRITICAL if is_question else NORMAL),
        "desktop-entry": ("s", "workdiary"),
    }
    if notice.preview is not None and not _IMAGES.isdisjoint(abilities):
        hints["image-data"] = ("(iiibiiay)", _image(notice.preview))
    if notice.kind is not NoticeKind.SNAPSHOT:
        hints["category"] = ("s", "im.received" if notice.actions else "presence")
    summary, body = notice.title, "\n".join(lines)
    if "body" not in abilities:
        summary, body = ". ".join([summary, *lines]), ""
    elif "body-markup" in abilities:
        body = escape(body, quote=False)
    stay = FOR_GOOD if is_question else notice.stay_ms or -1
    return (APP, replaces, "", summary, body, buttons if "actions" in abilities else [], hints, stay)


def _image(preview: Preview) -> tuple[int, int, int, bool, int, int, bytes]:
    has_alpha, bits, channels = False, 8, 3
    return (preview.width, preview.height, preview.width * channels, has_alpha, bits, channels, preview.pixels)
