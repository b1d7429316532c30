"""The week."""

from __future__ import annotations

from typing import Any

from workdiary_web.site.page import render


def today(request: Any) -> Any:
    """Show the present week."""
    return render(request, "week.html", {}, here="week")
