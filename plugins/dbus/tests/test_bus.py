"""A connection on a real bus: answers, refusals, senders, and the end."""

from __future__ import annotations

import os
import threading
import time

import pytest
from jeepney.wrappers import DBusAddress

from workdiary.errors import NotHereError
from workdiary.testing.session import PrivateBus
from workdiary_dbus.bus import DBUS, Bus, BusGoneError, session_address
from workdiary_dbus.served import PROPERTIES

NAME = "org.example.Shop"
SHOP = DBusAddress("/shop", NAME, NAME)


class Shop:
    path, name = "/shop", NAME

    def call(self, member, body):
        return {"Price": lambda: ("u", (body[0] * 2,)), "Odd": lambda: ("u", ("no number",))}.get(
            member, lambda: None
        )()

    def properties(self):
        return {"Open": ("b", True)}


def hear(bus):
    while True:
        bus.take()


@pytest.fixture
def daemon():
    with PrivateBus(os.environ) as found:
        yield found


@pytest.fixture
def bus(daemon):
    found = Bus.connect(daemon.address)
    yield found
    found.close()


@pytest.fixture
def shop(daemon):
    """A program that serves, in a thread of its own."""
    found = Bus.connect(daemon.address)
    found.serve(Shop())
    found.ask(DBUS, "RequestName", "su", (NAME, 0))

    def run():
        with pytest.raises(BusGoneError):
            hear(found)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield found
    found.interrupt()
    thread.join(5)
    found.close()


def test_a_question_has_its_answer_and_a_refusal_has_none(bus, shop):
    assert bus.ask(SHOP, "Price", "u", (21,)) == (42,)
    assert bus.ask(SHOP.with_interface(PROPERTIES), "Get", "ss", (NAME, "Open")) == (("b", True),)
    for member in ("Nothing", "Price", "Odd"):  # no such method, too few arguments, an answer of a wrong type
        assert bus.ask(SHOP, member) is None
    assert bus.ask(SHOP, "Price", "u", (1,)) == (2,), "the other one lives on"


def test_who_does_not_answer_is_not_waited_for(bus, daemon):
    silent = Bus.connect(daemon.address)
    silent.ask(DBUS, "RequestName", "su", ("org.example.Silent", 0))
    began = time.monotonic()
    assert bus.ask(DBusAddress("/", "org.example.Silent", "a.b"), "Hello", seconds=0.2) is None
    assert time.monotonic() - began < 1
    silent.close()


def test_only_the_sender_that_is_named_is_heard(bus, shop, daemon):
    heard = []
    bus.hear(NAME, "Sale", heard.append, sender=shop.name)
    forger = Bus.connect(daemon.address)
    assert bus.ask(DBUS, "GetId")
    forger.signal(Shop(), "Sale", "s", ("forged",))
    forger.ask(DBUS, "GetId")
    shop.signal(Shop(), "Sale", "s", ("real",))
    end = time.monotonic() + 5
    while ("real",) not in heard and time.monotonic() < end:
        bus.ask(DBUS, "GetId")
    assert heard == [("real",)]
    forger.close()


def test_the_end_of_the_bus_is_an_error_in_whoever_waits(bus, daemon):
    threading.Timer(0.2, daemon.close).start()
    with pytest.raises(BusGoneError):
        hear(bus)


def test_a_thread_that_waits_can_be_interrupted(bus):
    threading.Timer(0.2, bus.interrupt).start()
    with pytest.raises(BusGoneError):
        hear(bus)


def test_where_there_is_no_bus_the_error_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(NotHereError, match="there is no session bus"):
        session_address()
    with pytest.raises(NotHereError, match="no bus listens"):
        Bus.connect(f"unix:path={tmp_path / 'none'}")
    with pytest.raises(BusGoneError, match="is no address"):
        Bus.connect("nonsense")
