"""One full segment cycle as the tracker does it, with an acknowledgement after each step, and what must hold after it.

Acknowledgements are lines on a pipe: ``begin N`` before second N is saved, ``tick N`` after; ``entry NUMBER DIGEST``,
``erased NAME``, ``cursor N`` after the step is on the disk.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import apsw
from _common import KEYS, NO_HEAD, Head, at_ms, check_chains, segment, state, state_tick, terms, tombstone

from workdiary.journal import blobs, recover
from workdiary.journal.keeper import Keeper
from workdiary.journal.store import read_state

if TYPE_CHECKING:
    from workdiary.journal.store import Draft
    from workdiary.paths import Home

TICKS = 4  #: seconds of simulated time in a cycle
UPLOADER = "mirror"


class UnreadableError(Exception):
    """Our own look into the journal failed, which says nothing of the keeper."""


class Writer:
    """The tracker's writes on one home. ``eager``: it acknowledges before the commit, which is the control."""

    def __init__(self, home: Home, pipe: int, *, eager: bool = False) -> None:
        self.home = home
        self.keeper = Keeper(home, KEYS)
        self.keeper.erase_leftovers()
        self._pipe = pipe
        self._eager = eager
        [(slot,)] = self.ask("SELECT coalesce(max(slot), 0) FROM entry")
        self.number = max(0, slot - segment(0).values["slot"] + 1)
        self.second = max((state_tick(saved[32:]) for (saved,) in self.ask("SELECT value FROM open_state")), default=0)

    def ask(self, sql: str, *bindings: int) -> list[tuple]:
        try:
            return self.keeper.journal.connection.execute(sql, bindings).fetchall()
        except apsw.Error as error:
            raise UnreadableError from error

    def say(self, *words: object) -> None:
        os.write(self._pipe, (" ".join(map(str, words)) + "\n").encode())

    def cycle(self) -> None:
        """Some seconds of ticks, an image, the seal; every third time a deletion; the upload cursor."""
        if self.number == 0:
            self.write([terms()])
        for _ in range(TICKS):
            self.write([])
        name = self.store_image(os.urandom(3000))
        self.write([segment(self.number, images=(name,) if name else ())])
        if self.number % 3 == 2:
            self.delete(keep_time=self.number % 2 == 0)
        self.upload()
        self.number += 1

    def store_image(self, data: bytes) -> str:
        return blobs.write(self.home.blobs, data)

    def store(self, drafts: list[Draft]) -> None:
        self.keeper.write(drafts, at_ms=at_ms(self.number), state=state(self.second))

    def write(self, drafts: list[Draft]) -> None:
        self.second += 1
        self.say("begin", self.second)
        if self._eager:
            self.promise(drafts, self.keeper.journal.last_number)
        self.store(drafts)
        self.say("tick", self.second)
        if drafts and not self._eager:
            self.acknowledge(len(drafts))

    def promise(self, drafts: list[Draft], last: int) -> None:
        for place in range(len(drafts)):
            self.say("entry", last + 1 + place, "?")

    def acknowledge(self, count: int) -> None:
        sql = "SELECT number, digest FROM entry ORDER BY number DESC LIMIT ?"
        for number, digest in self.ask(sql, count):
            self.say("entry", number, digest)

    def delete(self, *, keep_time: bool) -> None:
        sql = (
            "SELECT seq, sha256 FROM image JOIN entry USING(number) WHERE number NOT IN (SELECT number FROM target)"
            " ORDER BY number LIMIT 1"
        )
        for seq, name in self.ask(sql):
            self.write([tombstone([seq], ["snapshot"] if keep_time else ["*"])])
            if self.keeper.erase_leftovers():
                self.say("erased", name)

    def upload(self) -> None:
        """Move the cursor of an uploader to the end."""
        connection, number = self.keeper.journal.connection, self.keeper.journal.last_number
        with connection:
            connection.execute("INSERT OR REPLACE INTO cursor VALUES(?, ?, ?)", (UPLOADER, number, at_ms(self.number)))
        self.say("cursor", number)

    def close(self) -> None:
        self.keeper.close()


class Heard(NamedTuple):
    """What was acknowledged in one life of the writer."""

    entries: dict[int, str]
    erased: set[str]
    begun: int
    ticked: int
    cursor: int


def heard(said: bytes) -> Heard:
    found = Heard({}, set(), 0, 0, 0)
    for line in said.split(b"\n")[:-1]:
        word, *rest = line.decode().split()
        if word == "entry":
            found.entries[int(rest[0])] = rest[1]
        elif word == "erased":
            found.erased.add(rest[0])
        elif word in ("begin", "tick", "cursor"):
            name = {"begin": "begun", "tick": "ticked"}.get(word, word)
            found = found._replace(**{name: int(rest[0])})
    return found


class Aftermath:
    """Looks at a home after each life of its writer; remembers what was proved before, so that a look stays cheap."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.heads: dict[int, Head] = {}
        self.cursor = 0
        self.ticked = 0
        self.erased: set[str] = set()
        self.lost: list[int] = []  #: seconds of open counts that each kill cost
        self.unspoken = 0  #: entries that were committed, but not acknowledged

    def look(self, said: bytes) -> list[str]:
        """Return what is broken."""
        told = heard(said)
        self.erased |= told.erased
        mended = recover.mend(self.home, KEYS)
        keeper = Keeper(self.home, KEYS)
        with closing(keeper):
            connection = keeper.journal.connection
            before = self.heads.get(1, NO_HEAD)
            problems = check_chains(connection, self.heads)
            keeper.erase_leftovers()
            problems += self._entries(connection, told, before)
            problems += self._state(connection, told)
            problems += self._files(connection)
        # An empty file is mended too; it is not damage when the very first start was killed.
        return [mended, *problems] if mended and (told.ticked or self.ticked) else problems

    def _entries(self, connection: apsw.Connection, told: Heard, before: Head) -> list[str]:
        problems = []
        for number, digest in told.entries.items():
            found = connection.execute("SELECT digest FROM entry WHERE number = ?", (number,)).get
            if found is None or digest not in ("?", found):
                problems.append(f"the acknowledged entry {number} is lost")
        count, last = connection.execute("SELECT count(*), max(seq) FROM entry").fetchone() or (0, 0)
        if count and count != last + 1:
            problems.append(f"{count} entries, but the last seq is {last}")
        self.unspoken += max(0, self.heads.get(1, NO_HEAD).seq - before.seq - len(told.entries))
        position = connection.execute("SELECT coalesce(max(number), 0) FROM cursor").get
        self.cursor = max(self.cursor, told.cursor)
        if position < self.cursor:
            problems.append(f"the cursor went back from {self.cursor} to {position}")
        return problems

    def _state(self, connection: apsw.Connection, told: Heard) -> list[str]:
        saved = state_tick(read_state(connection))
        self.ticked = max(self.ticked, told.ticked)
        if told.begun:
            self.lost.append(told.begun - saved)
        return [] if saved >= self.ticked else [f"second {self.ticked} was saved, {saved} is there"]

    def _files(self, connection: apsw.Connection) -> list[str]:
        named = {name for (name,) in connection.execute("SELECT sha256 FROM image").fetchall()}
        files = {path.name: path for path in self.home.blobs.glob("*/*")}
        problems = [f"the image {name[:8]} has no file" for name in named - files.keys()]
        problems += [f"the erased image {name[:8]} is still there" for name in self.erased & files.keys()]
        problems += [
            f"the image {name[:8]} is damaged"
            for name in named & files.keys()
            if hashlib.sha256(files[name].read_bytes()).hexdigest() != name
        ]
        if connection.execute("SELECT count(*) FROM unlink").get:
            problems.append("an erased image waits for its end")
        return problems
