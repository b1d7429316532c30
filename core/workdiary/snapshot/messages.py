"""What the tracker and the snapshot process say to each other: one JSON object each way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import msgspec

from workdiary.payloads import Occasion, Preview, Unknown, Window

Bytes: TypeAlias = bytes  #: inside of Image the plain name is a field


@dataclass(frozen=True, kw_only=True)
class Request:
    """Take one snapshot. With the cause PREVIEW the images come back in the result and nothing is written."""

    occasion: Occasion
    recipient: str  #: the age recipient of the images
    blobs: str  #: the directory of sealed images
    want_image: bool = True
    no_image_reason: str = ""  #: why there shall be none
    format: Literal["jpeg", "webp"] = "jpeg"
    quality: int = 75
    scale: int = 1  #: width and height are divided by it


@dataclass(frozen=True, kw_only=True)
class Image:
    """One sealed image, or one of a preview."""

    sha256: str  #: of the encrypted bytes, which is the blob's name; empty in a preview
    width: int
    height: int
    bytes: int  #: what it takes on the disk; in a preview the size of ``data``
    media_type: str
    fingerprint: str  #: equal for equal pictures; for the tracker's memory only, never to be stored
    data: Bytes = field(default=b"", repr=False)  #: the picture itself, in a preview only


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one stage took."""

    cpu_ms: float
    wall_ms: float


@dataclass(frozen=True, kw_only=True)
class _Taken:
    taken_at: int  #: ms since 1970, when the capture began
    images: tuple[Image, ...] = ()
    missing: str = ""  #: why there is no image; empty when there is one
    sources: dict[str, str] = field(default_factory=dict)  #: ``window``, ``image``: the plugin that it came from
    preview: Preview | None = field(
        default=None, repr=False
    )  #: of what is kept; for the notice only, never to be stored
    costs: dict[str, Cost] = field(default_factory=dict)  #: by stage, for the bench


@dataclass(frozen=True, kw_only=True)
class Result(_Taken):
    """What came of a request. All of it passed the privacy filters."""

    window: Window | Unknown


@dataclass(frozen=True, kw_only=True)
class _Reading:
    app: str = ""
    title: str = ""
    handle: str = ""
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Wire(_Taken):
    window: _Reading


def encode(message: Request | Result) -> bytes:
    """Return the message as JSON."""
    return msgspec.json.encode(message)


def decode_request(data: bytes) -> Request:
    """Return the request that *data* says.

    :raises msgspec.DecodeError: it says none.
    """
    return msgspec.json.decode(data, type=Request)


def decode_result(data: bytes) -> Result:
    """Return the result that *data* says.

    :raises msgspec.DecodeError: it says none.
    """
    wire = msgspec.json.decode(data, type=_Wire)
    seen = wire.window
    return Result(
        taken_at=wire.taken_at,
        images=wire.images,
        missing=wire.missing,
        sources=wire.sources,
        preview=wire.preview,
        costs=wire.costs,
        window=Window(app=seen.app, title=seen.title, handle=seen.handle)
        if seen.reason is None
        else Unknown(reason=seen.reason),
    )
