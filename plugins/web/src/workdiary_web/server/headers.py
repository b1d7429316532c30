"""Headers of every answer."""

from __future__ import annotations

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NO_STORE = ("Cache-Control", "no-store")
_ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # "no-referrer" would make the Origin of our own forms "null"; this one tells others nothing either.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=()"),
)
#: Of an answer without anything of the application in it.
SAFE = (*_ALWAYS, NO_STORE)
_OURS = {name.lower() for name, _ in _ALWAYS} | {"server", "x-powered-by"}


def safe(headers: list[tuple[str, str]], *, static: bool) -> list[tuple[str, str]]:
    """Return the application's headers with ours in place of its own.

    :param static: it is a file whose address changes with its bytes, if the application calls it immutable.
    """
    kept = [(name, value) for name, value in headers if name.lower() not in _OURS]
    cache = [value for name, value in kept if name.lower() == "cache-control"]
    if not (static and any("immutable" in value for value in cache)):
        kept = [(name, value) for name, value in kept if name.lower() != "cache-control"] + [NO_STORE]
    return [*kept, *_ALWAYS]
