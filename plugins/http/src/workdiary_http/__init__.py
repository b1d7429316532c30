"""Deliver to a server that speaks the upload protocol. Off until ``plugins.http.url`` is set."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.errors import ConfigError
from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary_http.uploader import Http

WORKDIARY_HOOK_API = (1, 0)
LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.http]``."""

    url: str = field(default="", metadata={"meaning": "The server's base address, ending in its version; empty: off."})
    token_file: str = field(default="", metadata={"meaning": "A file with the token, which only you may read."})


@hookimpl
def workdiary_config_type() -> type[Config]:
    """Return the table's type."""
    return Config


@hookimpl
def workdiary_register_uploaders(context: PluginContext) -> list[Http]:
    """Offer the server, if one is named."""
    config: Config = context.config
    if not config.url:
        return []
    if not config.url.startswith(("https://", *(f"{one}:" for one in LOCAL), *(f"{one}/" for one in LOCAL))):
        raise ConfigError(
            f"[plugins.http] url: {config.url} is not encrypted", remedy="It begins with https://, but on this machine."
        )
    from workdiary_http.uploader import Http

    return [Http(config.url, _token(config.token_file), context.state_directory)]


def _token(named: str) -> str:
    path = Path(named).expanduser()
    try:
        mode, token = path.stat().st_mode, path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        token, mode = "", 0
    if not named or not token or not token.isascii() or not token.isprintable():
        raise ConfigError(
            f"[plugins.http] token_file: there is no token in {named!r}", remedy="Write it there, chmod 600."
        )
    if mode & 0o077:
        raise ConfigError(f"[plugins.http] token_file: others may read {named}", remedy=f"chmod 600 {named}")
    return token
