"""The pages of the diary: server-rendered, for any ``Book``."""

from workdiary_web.site.application import Pending, make_application

__all__ = ["Pending", "make_application"]
