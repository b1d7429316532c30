"""The values behind the commitments, read strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from workdiary.diary.model import Image, Taken
from workdiary.errors import StorageError
from workdiary.slots import LAST_MS, SLOT_MS

if TYPE_CHECKING:
    from workdiary.diary.model import Record

COUNTS = ("keys", "clicks", "scrolls", "active_seconds")
_Count = Annotated[int, msgspec.Meta(ge=0)] | None
_Time = Annotated[int, msgspec.Meta(ge=0, le=LAST_MS)]
_Row = tuple[_Count, _Count, _Count, Annotated[int, msgspec.Meta(ge=0, le=60)] | None]


_Offset = Annotated[int, msgspec.Meta(ge=0, le=SLOT_MS)]
Span = tuple[str, _Offset, _Offset]  #: a plugin, and from when to when it gave readings, in ms into the slot


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ten minutes of keys, clicks, scrolls and active seconds; None where unknown. And who told what."""

    minutes: Annotated[tuple[_Row, ...], msgspec.Meta(min_length=10, max_length=10)]
    unknown: dict[str, str]
    sources: dict[str, tuple[Span, ...]]


class _Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    app: str | None = None
    title: str | None = None
    unknown: str | None = None

    def __post_init__(self) -> None:
        if (self.app is None) != (self.title is None) or (self.app is None) == (self.unknown is None):
            raise ValueError("it is either app and title, or unknown")


class _Image(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: str
    width: int
    height: int
    bytes: int
    media_type: str
    taken_at: _Time
    cause: str
    noticed_at: _Time | msgspec.UnsetType = msgspec.UNSET
    noticed_by: str = ""
    not_noticed: str = ""

    def __post_init__(self) -> None:
        told = self.noticed_at is not msgspec.UNSET
        if (told, bool(self.not_noticed)) != (bool(self.noticed_by), not told):
            raise ValueError("an image is either noticed at a time by a plugin, or not noticed for a reason")


class _Snapshot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    taken_at: _Time | None = None
    cause: str = ""
    images: tuple[_Image, ...] = ()
    missing: str | None = None

    def __post_init__(self) -> None:
        if (self.taken_at is None, not self.images) != (self.missing is not None,) * 2:
            raise ValueError("it is either a time with images, or missing")
        if self.images and (self.images[0].taken_at, self.images[0].cause) != (self.taken_at, self.cause):
            raise ValueError("its time and cause are not those of its first image")


_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "window": msgspec.json.Decoder(_Window),
    "counts": msgspec.json.Decoder(Counts),
    "memo": msgspec.json.Decoder(str),
    "snapshot": msgspec.json.Decoder(_Snapshot),
}


def memo(record: Record) -> str | None:
    """Return the memo, or None if there is no opening."""
    value: str | None = _value(record, "memo")
    return value


def counts(record: Record) -> Counts | None:
    """Return the counts, or None if there is no opening."""
    value: Counts | None = _value(record, "counts")
    return value


def window(record: Record) -> tuple[tuple[str, str] | None, str]:
    """Return application and title, or the reason why they are unknown."""
    value: _Window | None = _value(record, "window")
    if value is None:
        return None, "withheld"
    return (None, value.unknown or "") if value.unknown is not None else ((value.app or "", value.title or ""), "")


def snapshot(record: Record) -> tuple[Taken | None, str]:
    """Return the snapshot, or the reason why there is none."""
    value: _Snapshot | None = _value(record, "snapshot")
    if value is None:
        return None, "withheld"
    if value.taken_at is None:
        return None, value.missing or "no reason was recorded"
    return Taken(taken_at=value.taken_at, cause=value.cause, images=tuple(map(_image, value.images))), ""


def _image(value: _Image) -> Image:
    fields = msgspec.structs.asdict(value)
    return Image(**{**fields, "noticed_at": fields["noticed_at"] if value.noticed_by else None})


def _value(record: Record, field: str) -> Any:
    value = record.openings.get(field)
    if value is None:
        return None
    try:
        return _DECODERS[field].decode(value)
    except msgspec.DecodeError as error:
        entry = record.entry
        raise StorageError(
            f"entry {entry.seq} of {entry.contract} ({entry.device}): {field}: {error}",
            remedy="The journal is damaged or from another program: run workdiary verify on an export.",
        ) from None
