"""Whatever a program on the session bus says, the tray lives on and answers the next one."""

from __future__ import annotations

import socket

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_signal
from jeepney.low_level import Parser

from workdiary_dbus.bus import Bus
from workdiary_tray.panel import WATCHER, Panel
from workdiary_tray.view import View

ITEM, MENU = "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Wire:
    """The other end of the tray's connection."""

    def __init__(self) -> None:
        self.ours, self.end = socket.socketpair()
        self.end.setblocking(False)
        self.bus = Bus(self.ours)
        self.acted = []
        panel = Panel(self.bus, View, lambda *what: self.acted.append(what), lambda: None, lambda _whether: None)
        panel.begin()
        self.said()

    def said(self):
        """Return what the tray has sent since."""
        try:
            return Parser().feed(self.end.recv(1 << 20))
        except BlockingIOError:
            return []

    def tell(self, message):
        message.header.fields[HeaderFields.sender] = ":1.99"
        self.end.send(message.serialise(serial=77))
        self.bus.take()
        return self.said()


@pytest.fixture
def wire():
    found = Wire()
    yield found
    found.ours.close()
    found.end.close()


def call(member, signature=None, body=(), path="/Menu", interface=MENU):
    return new_method_call(DBusAddress(path, ":1.1", interface), member, signature, body)


@pytest.mark.parametrize(
    "message",
    [
        call("EventGroup", "a(ssvu)", ([("one", "clicked", ("s", ""), 0)],)),
        call("EventGroup", "as", (["x"],)),
        call("EventGroup", "s", ("xyz",)),
        call("Event", "s", ("x",)),
        call("Event", "a{ss}s", ({"a": "b"}, "clicked")),
        call("GetLayout", "sss", ("a", "b", "c")),
        call("GetLayout", "iss", (0, "b", "c")),
        call("GetGroupProperties", "sas", ("xyz", [])),
        call("GetProperty", "is", (0, "none")),
        call("AboutToShowGroup", "as", (["x"],)),
        call("AboutToShowGroup", "aay", ([b"x"],)),
        call("AboutToShow", "ai", ([1],)),
        call("Get", "s", ("x",), interface=PROPERTIES),
        call("Get", "ss", (MENU, "none"), interface=PROPERTIES),
        call("GetAll", None, (), interface=PROPERTIES),
        call("GetAll", "ai", ([1],), interface=PROPERTIES),
        call("Activate", "s", ("x",), path="/none", interface=ITEM),
    ],
)
def test_arguments_that_do_not_fit_harm_nobody(wire, message):
    [answer] = wire.tell(message)
    assert answer.header.message_type in {MessageType.error, MessageType.method_return}
    [after] = wire.tell(call("GetLayout", "iias", (0, -1, [])))
    assert after.header.message_type is MessageType.method_return
    assert wire.acted == []


@pytest.mark.parametrize(
    ("interface", "member", "signature", "body"),
    [
        ("org.freedesktop.DBus", "NameOwnerChanged", None, ()),
        ("org.freedesktop.DBus", "NameOwnerChanged", "s", (WATCHER,)),
        ("org.freedesktop.DBus", "NameOwnerChanged", "i", (1,)),
        (WATCHER, "StatusNotifierHostRegistered", "s", ("x",)),
    ],
)
def test_signals_of_another_shape_harm_nobody(wire, interface, member, signature, body):
    wire.tell(new_signal(DBusAddress("/x", interface=interface), member, signature, body))
    [after] = wire.tell(call("Ping", interface="org.freedesktop.DBus.Peer"))
    assert after.header.message_type is MessageType.method_return


def test_a_click_still_is_one(wire):
    [layout] = wire.tell(call("GetLayout", "iias", (0, -1, [])))
    number = next(one[1][0] for one in layout.body[1][2] if one[1][1].get("label") == ("s", "Open diary"))
    wire.tell(call("Event", "isvu", (number, "clicked", ("s", ""), 0)))
    assert wire.acted == [("open", "")]
