"""Who the made-up freelancer works for, in which programs, and what the memos say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A program in front, one of its titles, what its screen looks like and what the hands do in it."""

    app: str
    titles: tuple[str, ...]
    screen: str
    mood: str
    weight: int = 1


@dataclass(frozen=True, kw_only=True)
class Client:
    """One contract. *share*: of the week's hours; from and to: as parts of the whole time of the demo."""

    name: str
    terms: dict[str, Any]
    share: float = 0.0
    limit: float | None = None  #: weekly limit, as a part of the week's hours
    begins: float = 0.0
    ends: float = 2.0
    end_status: str = "ended"
    raise_at: float = 2.0
    raise_to: int = 0
    scenes: tuple[Scene, ...] = ()
    memos: tuple[str, ...] = ()


_TALK = Scene(app="Slack", titles=("Slack - #general", "Slack - #standup (3 new)"), screen="chat", mood="talking")
_MAIL = Scene(
    app="thunderbird",
    titles=("Inbox - Mozilla Thunderbird", "Re: Release on Thursday - Mozilla Thunderbird"),
    screen="mail",
    mood="talking",
)
_TERMINAL = Scene(
    app="org.gnome.Terminal",
    titles=("pytest tests/billing", "git log --oneline", "ssh staging"),
    screen="terminal",
    mood="typing",
    weight=3,
)
_DOCS = Scene(
    app="firefox",
    titles=(
        "PostgreSQL: Documentation: 17: SELECT - Mozilla Firefox",
        "Pull request #418: Split invoices by rate - Mozilla Firefox",
        "pytest documentation - Mozilla Firefox",
    ),
    screen="browser",
    mood="reading",
    weight=3,
)

CLIENTS = (
    Client(
        name="northwind",
        terms={
            "title": "Booking API",
            "client": "Northwind Travel GmbH",
            "rate": 7200,
            "currency": "EUR",
            "manual": True,
        },
        share=1.0,
        limit=0.8,
        raise_at=0.5,
        raise_to=7800,
        scenes=(
            Scene(
                app="Code",
                titles=(
                    "billing.py - booking-api - Visual Studio Code",
                    "test_invoices.py - booking-api - Visual Studio Code",
                    "schema.sql - booking-api - Visual Studio Code",
                    "● routes.py - booking-api - Visual Studio Code",
                ),
                screen="editor",
                mood="typing",
                weight=9,
            ),
            _TERMINAL,
            _DOCS,
            _TALK,
            _MAIL,
        ),
        memos=(
            "Split invoices by rate",
            "Review of the refund flow",
            "Test the migration on staging",
            "Mend the flaky booking test",
            "Cache for the timetable",
            "Weekly call and notes",
            "Document the webhook",
            "Rate limits for partners",
        ),
    ),
    Client(
        name="meridian",
        terms={
            "title": "Sales dashboards",
            "client": "Meridian Analytics Inc.",
            "rate": 9500,
            "currency": "USD",
            "billing": "whole-segment",
            "keep_time": False,
        },
        share=0.23,
        limit=0.25,
        scenes=(
            Scene(
                app="libreoffice-calc",
                titles=("pipeline-2026.ods - LibreOffice Calc", "churn by region.xlsx - LibreOffice Calc"),
                screen="sheet",
                mood="pointing",
                weight=5,
            ),
            Scene(
                app="firefox",
                titles=("cohorts.ipynb - JupyterLab - Mozilla Firefox", "Dashboards - Metabase - Mozilla Firefox"),
                screen="notebook",
                mood="typing",
                weight=6,
            ),
            _MAIL,
            _TALK,
        ),
        memos=("Cohort tables for Q3", "Clean the pipeline export", "Churn by region", "Dashboard for the board"),
    ),
    Client(
        name="lumen",
        terms={"title": "Shop redesign", "client": "Studio Lumen", "rate": 6000, "currency": "EUR", "snapshots": "all"},
        share=0.15,
        begins=0.05,
        ends=0.75,
        end_status="paused",
        scenes=(
            Scene(
                app="figma-linux",
                titles=("Shop / Product page - Figma", "Shop / Checkout, mobile - Figma", "Icons - Figma"),
                screen="design",
                mood="pointing",
                weight=8,
            ),
            Scene(app="gimp", titles=("[hero-3] (imported) - GIMP",), screen="design", mood="pointing", weight=2),
            _MAIL,
        ),
        memos=("Product page, second draft", "Checkout on small screens", "Icon set", "Review with the studio"),
    ),
    Client(
        name="harbour",
        terms={
            "title": "Newsletter texts",
            "client": "Hafenkontor eG",
            "rate": 4800,
            "currency": "EUR",
            "manual": True,
            "snapshots": "none",
        },
        share=0.12,
        ends=0.4,
        scenes=(
            Scene(
                app="libreoffice-writer",
                titles=("newsletter-autumn.odt - LibreOffice Writer", "Notes Föhr.odt - LibreOffice Writer"),
                screen="mail",
                mood="typing",
            ),
        ),
        memos=("Autumn newsletter", "Interview notes", "Proofreading"),
    ),
    Client(
        name="logo-fix",
        terms={"title": "Logo as vectors", "client": "Café Sonne", "type": "fixed", "rate": 0, "currency": "EUR"},
        begins=0.3,
    ),
)
#: What the freelancer keeps out of pictures, and how it then looks in the diary.
EXCLUDED = Scene(app="[excluded]", titles=("[excluded]",), screen="browser", mood="reading")
