"""Plugins and health: what can observe, and whether it works."""

from __future__ import annotations

from typing import Any

from workdiary_web.site.application import machine_of
from workdiary_web.site.page import part, render


def page(request: Any) -> Any:
    """Show the plugins; the checks come after, as they take seconds."""
    checks = machine_of(request).checks() if "checks" in request.GET else None
    values = {"plugins": machine_of(request).plugins(), "checks": checks}
    return render(request, "health.html", values, here="health")


def checks(request: Any) -> Any:
    """Carry out the checks and return their part of the page."""
    return part(request, "parts/checks.html", {"checks": machine_of(request).checks()})
