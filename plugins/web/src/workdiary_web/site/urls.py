"""Every address of the site."""

from __future__ import annotations

from typing import Any

from django.urls import path

from workdiary_web.received import views as received
from workdiary_web.site.page import error_page
from workdiary_web.site.views import assets, day, pending, preferences, timeline, week

urlpatterns = [
    path("", day.home, name="home"),
    path("day", day.today, name="day"),
    path("day/<str:date>", day.show, name="day-of"),
    path("week", week.today, name="week"),
    path("timeline", timeline.today, name="timeline"),
    path("review", received.review, name="review"),
    path("undo", pending.undo, name="undo"),
    path("preferences", preferences.keep, name="preferences"),
    path("static/<path:path>", assets.serve, name="static"),
]


def handler404(request: Any, exception: Exception) -> Any:  # noqa: ARG001 - Django names it
    """Answer an address that there is not."""
    return error_page(request, 404, "There is no such page.", "Go to today's page with the navigation above.")


def handler400(request: Any, exception: Exception) -> Any:  # noqa: ARG001 - Django names it
    """Answer a request that Django cannot read."""
    return error_page(request, 400, "The request cannot be read.", "Go back and try again.")


def handler500(request: Any) -> Any:
    """Answer after an accident of our own."""
    return error_page(request, 500, "The page could not be made. Nothing was changed by it.", "See: workdiary doctor")
