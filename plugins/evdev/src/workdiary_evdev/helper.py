"""The helper: the counter as a system service that starts when it is asked and ends when the asker leaves.

Nobody's rights grow with it: an account that exists only while the service runs reads the devices, and the user gets
totals. What runs is a copy that root owns; a service that ran the user's own file would hand the keys to whoever can
write that file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary_evdev.stream import HELPERS, PROGRAM

if TYPE_CHECKING:
    import pwd

UNITS = "/etc/systemd/system"
INSTALLED = "/usr/local/libexec/workdiary-input"


def socket_unit(user: pwd.struct_passwd) -> str:
    """Return the unit that listens for this user, and for nobody else."""
    return f"""\
[Unit]
Description=Input totals for Workdiary of user {user.pw_uid}

[Socket]
ListenStream={HELPERS}/input-{user.pw_uid}.sock
SocketUser={user.pw_uid}
SocketMode=0600
Accept=yes
MaxConnections=4

[Install]
WantedBy=sockets.target
"""


def service_unit(user: pwd.struct_passwd) -> str:
    """Return the unit of one connection: reading input devices is all that it may do."""
    return f"""\
[Unit]
Description=Input totals for Workdiary of user {user.pw_uid}
CollectMode=inactive-or-failed

[Service]
ExecStart=/usr/bin/python3 -IS {INSTALLED} {user.pw_uid}
StandardInput=socket
StandardOutput=null
StandardError=journal
DynamicUser=yes
SupplementaryGroups=input
DevicePolicy=closed
DeviceAllow=char-input r
CapabilityBoundingSet=
NoNewPrivileges=yes
PrivateNetwork=yes
RestrictAddressFamilies=AF_UNIX
IPAddressDeny=any
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProcSubset=pid
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
LimitCORE=0
MemoryMax=64M
TasksMax=4
UMask=0777
"""


def setup_script(user: pwd.struct_passwd) -> str:
    """Return the shell script that sets the helper up; all that it installs stands in it."""
    name = f"workdiary-input-{user.pw_uid}"
    return f"""\
#!/bin/sh
# Lets Workdiary of user {user.pw_name} ({user.pw_uid}) know how often a key or button was pressed on this machine.
# To be read, and then run as root. The opposite is printed by `workdiary evdev remove`.
#
# What it means: while this user's tracker runs, a service reads every key, as the desktop does, and passes on three
# totals, at most once a second. It has no network, no files, no home, no rights but to read input devices; it keeps
# and writes nothing; it answers this user alone. Presses are counted whoever makes them, this user or another.
set -eu
{_install(PROGRAM.read_text(encoding="utf-8"), INSTALLED)}
{_install(socket_unit(user), f"{UNITS}/{name}.socket")}
{_install(service_unit(user), f"{UNITS}/{name}@.service")}
systemctl daemon-reload
systemctl enable --now {name}.socket
echo "Ready. 'workdiary doctor' shows whether readings come."
"""


def remove_script(user: pwd.struct_passwd) -> str:
    """Return the shell script that takes the helper away."""
    name = f"workdiary-input-{user.pw_uid}"
    return f"""\
#!/bin/sh
# Takes the counting of input devices away from Workdiary of user {user.pw_name} ({user.pw_uid}). To be run as root.
set -eu
systemctl disable --now {name}.socket
systemctl stop '{name}@*.service' || :
rm -f {UNITS}/{name}.socket {UNITS}/{name}@.service
systemctl daemon-reload
ls {UNITS}/workdiary-input-*.socket >/dev/null 2>&1 || rm -f {INSTALLED}
"""


def _install(text: str, path: str) -> str:
    """Return the command that writes a file for root to own and everybody to read."""
    return f"""\
install -d -m 0755 {path.rpartition("/")[0]}
install -m 0644 /dev/stdin {path} <<'END OF FILE'
{text.rstrip()}
END OF FILE
"""
