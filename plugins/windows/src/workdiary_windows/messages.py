"""What Windows says to a window of session, power and end."""

from __future__ import annotations

WM_CLOSE = 0x0010
WM_QUERYENDSESSION, WM_ENDSESSION = 0x0011, 0x0016
WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
#: What WM_WTSSESSION_CHANGE tells: connected here or from afar, and the end of each; locked and unlocked.
CONNECTED, DISCONNECTED, LOCK, UNLOCK = {1, 3}, {2, 4}, 7, 8
SUSPEND, RESUMED = 4, 18  #: what WM_POWERBROADCAST tells
