"""How a viewer wants to see the diary, kept in a cookie of the browser and nowhere else."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode

from workdiary_web.site.models.zones import is_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

COOKIE = "workdiary_view"
YEAR_S = 31_536_000
CHOICES = {
    "zone": ("mine", "utc", "client"),
    "theme": ("system", "light", "dark"),
    "density": ("grid", "list"),
    "clock": ("24", "12"),
}


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """One viewer's choices; what is not understood is what it was without a choice."""

    zone: str = "mine"
    client_zone: str = ""  #: an IANA name; empty: not known
    theme: str = "system"
    density: str = "grid"
    clock: str = "24"

    @classmethod
    def of(cls, request: Any) -> Self:
        """Return the choices that came with a request."""
        return cls().changed(dict(parse_qsl(request.COOKIES.get(COOKIE, ""))))

    def changed(self, values: Mapping[str, str]) -> Self:
        """Return these choices with new ones."""
        fits = {name: value for name, value in values.items() if value in CHOICES.get(name, ())}
        if "client_zone" in values and (not values["client_zone"] or is_zone(values["client_zone"])):
            fits["client_zone"] = values["client_zone"]
        return replace(self, **fits)

    def zone_name(self, mine: str) -> str:
        """Return the zone to show times in."""
        if self.zone == "client" and self.client_zone:
            return self.client_zone
        return "UTC" if self.zone == "utc" else mine

    def keep(self, response: Any) -> None:
        """Have the browser keep the choices, for the next time too, when the diary lies under another path."""
        response.set_cookie(
            COOKIE, urlencode(asdict(self)), max_age=YEAR_S, path="/", httponly=True, samesite="Strict"
        )  # they are no secret: other servers on this machine may see them
