"""Every address of the site."""

from __future__ import annotations

from typing import Any

from django.urls import path

from workdiary_web.received import views as received
from workdiary_web.site import form_urls
from workdiary_web.site.page import error_page
from workdiary_web.site.views import assets, change, day, image, pending, preferences, segment, timeline, week

urlpatterns = [
    path("", received.instead(day.home, "review"), name="home"),
    path("day", received.instead(day.today, "day-of"), name="day"),
    path("day/<str:date>", day.show, name="day-of"),
    path("segment/<str:segment_id>", segment.show, name="segment"),
    path("segment/<str:segment_id>/image/<int:index>", image.page, name="image"),
    path("segment/<str:segment_id>/image/<int:index>/picture", image.picture, name="picture"),
    path("segment/<str:segment_id>/image/<int:index>/thumb", image.thumb, name="thumb"),
    path("change/<str:action>", change.change, name="change"),
    path("week", received.instead(week.today, "week-of"), name="week"),
    path("week/<str:name>", week.show, name="week-of"),
    path("week/<str:name>/<str:contract>/export", week.export, name="export"),
    path("week/<str:name>/<str:contract>/verify", week.check, name="verify"),
    path("timeline", received.instead(timeline.today, "timeline-of"), name="timeline"),
    path("timeline/<str:date>", timeline.show, name="timeline-of"),
    path("review", received.review, name="review"),
    *form_urls.urlpatterns,
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
