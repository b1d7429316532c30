"""What is started at login, and the files by which desktops are told so. Only ``cli/autostart.py`` writes them.

Each method is a module with the same names: ``path``, ``text`` and ``command_of``.
"""

from __future__ import annotations

#: The first line of every file that we may remove again.
MARK = "# Written by `workdiary autostart enable`; `workdiary autostart disable` removes it."
