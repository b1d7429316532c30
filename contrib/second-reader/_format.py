"""Bytes and forms of docs/reference/journal.md and export.md: container, lines, canonical JSON, fields, signatures."""

from __future__ import annotations

import binascii
import io
import json
import re
import struct
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TYPE = b"application/vnd.workdiary.entry.v1+json"
NAME = re.compile(r"statement\.json|statement\.sig|[0-9a-f]{16}/(entries|openings)\.jsonl|(blobs|keys)/[0-9a-f]{64}")
LINE = re.compile(rb'\{"body":(.*),"signature":"([0-9a-f]{128})"\}', re.DOTALL)
OPENING = re.compile(
    rb'\{"field":"([^"\\\x00-\x1f]*)","salt":"((?:[0-9a-f]{2})*)","seq":(0|[1-9][0-9]{0,15}),"value":(.*)\}', re.DOTALL
)
MOST_MEMBERS, MOST_BYTES, MOST_INT = 20_000, 2 << 30, 2**53 - 1


class BadInputError(Exception):
    """This is no export, or it is damaged."""


class Fraction(str):
    """A number that is no integer, as it was written: it fits no field."""

    __slots__ = ()


# Forms: a type, a set of strings, [form of each], {key: form}, a tuple of alternatives, or a function


def fits(value, form) -> bool:
    """Tell whether a JSON value has a form; booleans are no integers."""
    if isinstance(form, type):
        return type(value) is form and (form is not int or abs(value) <= MOST_INT)
    if isinstance(form, tuple):
        return any(fits(value, one) for one in form)
    if isinstance(form, list):
        return type(value) is list and all(fits(one, form[0]) for one in value)
    if isinstance(form, dict):
        return type(value) is dict and value.keys() == form.keys() and all(fits(value[k], form[k]) for k in form)
    if isinstance(form, set):
        return type(value) is str and value in form
    return form(value)


def hexes(digits: int):
    return lambda value: type(value) is str and re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None


def null(value) -> bool:
    return value is None


def natural(value) -> bool:
    return fits(value, int) and value >= 0


def up_to(most: int):
    return lambda value: natural(value) and value <= most


def pair(value) -> bool:
    return fits(value, [int]) and len(value) == 2


def minutes(value) -> bool:
    rows = type(value) is list and len(value) == 10 and all(type(row) is list and len(row) == 4 for row in value)
    return rows and all(fits(row, [(natural, null)]) and (row[3] is None or row[3] <= 60) for row in value)


def unknown(value) -> bool:
    return type(value) is dict and all(k in COUNTS and type(v) is str for k, v in value.items())


def sources(value) -> bool:
    return type(value) is dict and all(fits(spans, [span]) for spans in value.values())


def span(value) -> bool:
    return type(value) is list and len(value) == 3 and type(value[0]) is str and all(map(up_to(600_000), value[1:]))


def images(value) -> bool:
    return bool(value) and fits(value, [(IMAGE | TOLD, IMAGE | {"not_noticed": words})])


def words(value) -> bool:
    return type(value) is str and bool(value)


def week(value) -> bool:
    return type(value) is str and re.fullmatch(r"[0-9]{4}-W[0-9]{2}", value) is not None


COUNTS = {"keys", "clicks", "scrolls", "active_seconds"}
HEX32, HEX64, HEX128 = hexes(32), hexes(64), hexes(128)
IMAGE = {"sha256": HEX64, "width": natural, "height": natural, "bytes": natural, "media_type": str}
IMAGE |= {"taken_at": int, "cause": str}
TOLD = {"noticed_at": int, "noticed_by": words}
VALUES = {
    "window": ({"app": str, "title": str}, {"unknown": str}),
    "counts": {"minutes": minutes, "unknown": unknown, "sources": sources},
    "memo": str,
    "snapshot": ({"taken_at": int, "cause": str, "images": images}, {"missing": str}),
}
TERMS = {
    "title": lambda v: type(v) is str and bool(v),
    "client": str,
    "type": {"hourly", "fixed"},
    "rate": natural,
    "currency": lambda v: type(v) is str and re.fullmatch("[A-Z]{3}", v) is not None,
    "weekly_limit": (up_to(604_800), null),
    "manual": bool,
    "keep_time": bool,
    "snapshots": {"active", "all", "none"},
    "billing": str,
    "protection": str,
    "retention_days": up_to(36_500),
    "idle_minutes": up_to(120),
    "idle": {"keep", "discard"},
    "status": {"active", "paused", "ended"},
}
HEAD = {"v": lambda v: type(v) is int and v == 1, "kind": str, "device": hexes(16), "contract": str}
HEAD |= {"seq": natural, "prev": HEX64, "at": int}
ALL_COMMITS = dict.fromkeys(VALUES, HEX64)
MEMO = {"memo": HEX64}
MOMENT = {"start": int, "at": int}
ERASED = {"of": [natural], "fields": lambda v: v in (["*"], ["snapshot"]), "why": {"owner", "retention"}}
FIELDS = {
    "key": {"public": HEX64, "recipient": str},
    "terms": {"terms": TERMS},
    "day": {"date": str, "commit": HEX64},
    "reveal": {"date": str, "secret": HEX64},
    "session": {"session": str, "action": {"start", "stop", "pause", "resume", "keep"}, "reason": str},
    "segment": {"session": str, "slot": natural, "intervals": [pair], "moments": [MOMENT], "commits": ALL_COMMITS},
    "manual": {"slot": natural, "commits": MEMO},
    "edit": {"of": [natural], "commits": MEMO},
    "tombstone": ERASED,
    "gap": {"session": str, "start": int, "end": int, "elapsed": int, "reason": str},
    "clock": {"before": int, "after": int},
    "recover": {"lost_from": natural, "lost_to": natural, "reason": str},
}
KINDS = {kind: HEAD | fields for kind, fields in FIELDS.items()}
CHAIN = {"device": str, "terms": (natural, null), "first": natural, "prev": str, "head": natural}
CLAIM = {"v": HEAD["v"], "kind": {"statement"}, "at": int, "device": str, "contract": str, "week": week}
CLAIM |= {"images": bool, "chains": [CHAIN | {"digest": str}], "statement": dict}


def dumps(value) -> str:
    """Write a value as RFC 8785 does; keys in the order of their UTF-16 code units."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{dumps(key)}:{dumps(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def canonical(value) -> bytes:
    return dumps(value).encode()


def parse(data: bytes):
    """Return the value of canonical JSON; anything else is bad."""
    try:
        value = json.loads(data.decode(), parse_float=Fraction, parse_constant=Fraction)
        if canonical(value) == data:
            return value
    except (ValueError, RecursionError) as fault:
        raise BadInputError(f"this is no JSON: {fault}") from None
    raise BadInputError("this is not in canonical form")


def is_signed(public: str, body: bytes, signature: bytes, of: bytes = TYPE) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(signature, b"DSSEv1 %d %s %d %s" % (len(of), of, len(body), body))
    except (ValueError, InvalidSignature):
        return False
    return True


def read_container(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip file that is in the one form of an export."""
    if len(data) > MOST_BYTES:
        raise BadInputError("the file is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = [info.filename for info in file.infolist()]
            if len(names) > MOST_MEMBERS or not all(NAME.fullmatch(name) for name in names):
                raise BadInputError("there are members that do not belong here, or too many")
            members = {name: file.read(name) for name in names}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
        struct.error,
    ) as fault:
        raise BadInputError(f"this is no zip file: {fault}") from None
    if _rebuilt(members) != data:
        raise BadInputError("the file is not in the one form of an export")
    return members


def _rebuilt(members: dict[str, bytes]) -> bytes:
    """Build the zip file: stored, sorted, 1980-01-01 00:00, made by MS-DOS 2.0, nothing else."""
    body, index = io.BytesIO(), io.BytesIO()
    for name, data in sorted(members.items()):
        place, raw = body.tell(), name.encode()
        fields = (20, 0, 0, 0, 0x21, binascii.crc32(data), len(data), len(data), len(raw), 0)
        body.write(struct.pack("<4s5H3I2H", b"PK\3\4", *fields) + raw + data)
        index.write(struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *fields, 0, 0, 0, 0, place) + raw)
    count, size = len(members), index.tell()
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, body.tell(), 0)
    return body.getvalue() + index.getvalue() + end


def read_lines(name: str, data: bytes) -> list[bytes]:
    """Split a member into its lines; each ends with a newline."""
    if data and not data.endswith(b"\n"):
        raise BadInputError(f"{name} does not end with a line")
    return data.split(b"\n")[:-1]


def read_entries(name: str, data: bytes) -> list[tuple[bytes, bytes]]:
    """Return each line's body and signature."""
    found = [LINE.fullmatch(line) for line in read_lines(name, data)]
    if not all(found):
        raise BadInputError(f"{name} holds a line that is no entry")
    return [(one[1], bytes.fromhex(one[2].decode())) for one in found]


def read_openings(name: str, data: bytes) -> list[tuple[int, str, bytes, bytes]]:
    """Return the openings as seq, field, salt and value, which stand in order of seq and field."""
    found = [OPENING.fullmatch(line) for line in read_lines(name, data)]
    try:
        lines = [(int(one[3]), one[1].decode(), bytes.fromhex(one[2].decode()), one[4]) for one in found if one]
        for *_, raw in lines:
            json.loads(raw.decode("utf-8", "replace"))  # no JSON at all is damage; other JSON than was signed is not
    except (ValueError, RecursionError):
        raise BadInputError(f"{name} holds a value that is no JSON") from None
    order = [line[:2] for line in lines]
    if len(lines) != len(found) or order != sorted(set(order)):
        raise BadInputError(f"{name} holds a line that is no opening, or in the wrong place")
    return lines
