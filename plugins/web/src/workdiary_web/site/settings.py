"""Django, with as little of it as pages and forms need."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

HERE = Path(__file__).parent


def configure() -> None:
    """Set Django up once in this process; a project that is set up already (a team server) is left as it is."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    loaders = [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
    settings.configure(
        DEBUG=False,
        SECRET_KEY=secrets.token_urlsafe(),  # nothing is signed with it
        ALLOWED_HOSTS=["*"],  # the server has compared the host before it asks us
        ROOT_URLCONF="workdiary_web.site.urls",
        MIDDLEWARE=["workdiary_web.site.guard.Guard"],
        INSTALLED_APPS=[],
        APPEND_SLASH=False,
        USE_I18N=False,
        USE_TZ=True,
        TIME_ZONE="UTC",
        LOGGING_CONFIG=None,
        DATA_UPLOAD_MAX_MEMORY_SIZE=1 << 20,
        DATA_UPLOAD_MAX_NUMBER_FIELDS=4000,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {
                    "loaders": loaders,
                    "builtins": ["workdiary_web.site.templatetags.diary", "workdiary_web.site.templatetags.forms"],
                },
            }
        ],
    )
    quiet = logging.getLogger("django")  # it would log the addresses of pages
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    django.setup(set_prefix=False)
