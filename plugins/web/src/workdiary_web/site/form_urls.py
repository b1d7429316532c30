"""The addresses of the pages about contracts, manual time, and this machine."""

from __future__ import annotations

from django.urls import path

from workdiary_web.site.views import contract_form, contracts, health, idle, manual, queue, settings, tracker

urlpatterns = [
    path("contracts", contracts.listing, name="contracts"),
    path("new-contract", contract_form.add, name="contract-add"),
    path("contracts/<str:name>", contracts.show, name="contract"),
    path("contracts/<str:name>/edit", contract_form.edit, name="contract-edit"),
    path("contracts/<str:name>/end", contracts.end, name="contract-end"),
    path("contracts/<str:name>/status", contracts.status, name="contract-status"),
    path("manual", manual.page, name="manual"),
    path("queue", queue.page, name="queue"),
    path("queue/retry", queue.retry, name="queue-retry"),
    path("queue/<str:uploader>/refused", queue.export, name="queue-export"),
    path("health", health.page, name="health"),
    path("health/checks", health.checks, name="health-checks"),
    path("settings", settings.page, name="settings"),
    path("idle", idle.page, name="idle"),
    path("tracker", tracker.page, name="tracker"),
]
