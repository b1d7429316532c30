"""The timeline."""

from __future__ import annotations

from typing import Any

from workdiary_web.site.page import render


def today(request: Any) -> Any:
    """Show the present timeline."""
    return render(request, "timeline.html", {}, here="timeline")
