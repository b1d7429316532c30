"""Hostile requests: each is a lawful one, which would be answered, with one thing wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Target:
    """A route of a running process, and how it is asked lawfully."""

    web: Any
    method: str
    path: str  #: below the base
    stale: str  #: a cookie of a session that is over, of a process that is gone

    @property
    def full(self) -> str:
        return f"{self.web.base}{self.path}"

    def request(self, method: str | None = None, full: str | None = None, **headers: Any) -> bytes:
        chosen = method or self.method
        return self.web.request(chosen, full or self.full, body=b"a=b" if chosen == "POST" else b"", **headers)

    def line(self, line: str) -> bytes:
        """Return the lawful request with another first line."""
        return line.encode("latin-1") + b"\r\n" + self.request().partition(b"\r\n")[2]

    def more(self, extra: str, body: bytes = b"") -> bytes:
        """Return the lawful request with more lines at its end."""
        return self.request().replace(b"\r\n\r\n", b"\r\n" + extra.encode("latin-1") + b"\r\n\r\n", 1) + body


Case = "Callable[[Target], bytes]"


def _hosts() -> dict[str, Any]:
    spelled = {
        "empty": "", "without port": "127.0.0.1", "other port": "127.0.0.1:1", "name without port": "localhost",
        "trailing dot": "localhost.:{p}", "address with dot": "127.0.0.1.:{p}", "IPv6": "[::1]:{p}",
        "mapped IPv6": "[::ffff:127.0.0.1]:{p}", "any address": "0.0.0.0:{p}", "short address": "127.1:{p}",
        "number": "2130706433:{p}", "other loopback": "127.0.0.2:{p}", "rebound name": "evil.example:{p}",
        "ours as a prefix": "127.0.0.1.evil.example:{p}", "ours as a suffix": "evil-localhost:{p}",
        "user before": "evil.example@127.0.0.1:{p}", "path behind": "127.0.0.1:{p}/x?", "upper case": "LOCALHOST:{p}",
        "zero before port": "127.0.0.1:0{p}", "comma": "127.0.0.1:{p},", "list": "127.0.0.1:{p}, evil.example",
        "port twice": "127.0.0.1:{p}:{p}", "blank inside": "127.0.0.1 :{p}", "full width": "127.0.0.\xb9:{p}",
    }  # fmt: skip
    found = {
        f"host: {name}": lambda t, v=value: t.request(Host=v.format(p=t.web.port)) for name, value in spelled.items()
    }
    found["host: missing"] = lambda t: t.request(Host=None)
    found["host: twice, ours first"] = lambda t: t.more("Host: evil.example")
    found["host: twice, ours last"] = lambda t: (
        t.request(Host="evil.example") and t.request(Host=f"evil.example\r\nHost: {t.web.host}")
    )
    found["host: twice the same"] = lambda t: t.more(f"Host: {t.web.host}")
    found["host: forwarded"] = lambda t: t.request(Host="evil.example", X_Forwarded_Host=t.web.host)
    return found


def _senders() -> dict[str, Any]:
    origins = {
        "null": "null", "foreign": "https://evil.example", "other port": "http://127.0.0.1:1", "https": "https://{h}",
        "other name of ours": "http://localhost:{p}", "slash": "http://{h}/", "upper case": "HTTP://{h}", "empty": "",
        "list": "http://{h} https://evil.example", "extension": "moz-extension://{h}", "file": "file://",
        "ours as a prefix": "http://{h}.evil.example",
    }  # fmt: skip
    found: dict[str, Any] = {
        f"origin: {name}": lambda t, v=value: t.request(Origin=v.format(h=t.web.host, p=t.web.port))
        for name, value in origins.items()
    }
    found["origin: twice"] = lambda t: t.request(Origin=f"http://{t.web.host}\r\nOrigin: https://evil.example")
    for site in ("cross-site", "same-site", "", "unknown", "SAME-ORIGIN", "same-origin, cross-site"):
        found[f"fetch site: {site or 'empty'}"] = lambda t, v=site: t.request(Sec_Fetch_Site=v)
    found["form: neither origin nor fetch site"] = lambda t: t.request("POST", Origin=None, Sec_Fetch_Site=None)
    found["form: from the address bar"] = lambda t: t.request("POST", Origin=None, Sec_Fetch_Site="none")
    found["form: foreign with a token"] = lambda t: t.request("POST", Origin="https://evil.example", X_CSRFToken="x")
    return found


def _methods() -> dict[str, Any]:
    names = ("TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "get", "Get", "GETX", "G\xcbT", "PRI")
    found: dict[str, Any] = {f"method: {one!a}": lambda t, v=one: t.request(v) for one in names}
    found["method: none"] = lambda t: t.line(f" {t.full} HTTP/1.1")
    found["method: overridden"] = lambda t: t.request("PUT", X_HTTP_Method_Override="GET")
    return found


def _targets() -> dict[str, Any]:
    spelled = {
        "double slash before": "/{f}", "triple slash": "//{f}", "double slash inside": "{b}/{f}",
        "slash doubled": "{b}/{r}",
        "dot": "/.{f}", "dot inside": "{b}/.{r}", "dots": "/x/..{f}", "dots inside": "{b}/x/..{r}",
        "dot behind": "{f}/.",
        "dots behind": "{f}/x/..", "encoded slash": "{b}%2f{r}", "encoded slash, upper case": "{b}%2F{r}",
        "encoded dot": "/%2e{f}", "encoded dots": "{b}/x/%2e%2e{r}", "encoded twice": "{b}/%252e{r}",
        "encoded letter": "/%30{f}", "encoded letter inside": "{b}/%64{r}", "NUL encoded": "{f}%00", "NUL raw": "{f}\0",
        "backslash": "\\{f}", "backslash inside": "{b}\\{r}", "encoded backslash": "{b}%5c{r}", "line feed": "{f}%0a",
        "absolute": "http://{h}{f}", "absolute, foreign": "http://evil.example{f}", "absolute, https": "https://{h}{f}",
        "absolute, upper case": "HTTP://{h}{f}", "no scheme": "//{h}{f}", "asterisk": "*", "authority": "{h}",
        "no slash": "x{f}", "parameter": "{f};x", "fragment": "{f}#x", "tab": "{f}\tx", "byte": "{f}\xff",
        "overlong": "{f}\xc0\xaf",
        "too long": "{f}?" + "a" * 5000, "NUL in the query": "{f}?a=%00", "backslash in the query": "{f}?a=\\",
        "quote in the query": '{f}?a="', "angle in the query": "{f}?a=<", "star in the path": "{f}*", "pipe": "{f}|x",
    }  # fmt: skip
    found: dict[str, Any] = {
        f"target: {name}": lambda t, v=value: t.line(
            f"{t.method} {v.format(f=t.full, b=t.web.base, r=t.path, h=t.web.host)} HTTP/1.1"
        )
        for name, value in spelled.items()
    }
    found["target: upper case base"] = lambda t: t.line(f"{t.method} /X{t.web.base[2:].upper()}{t.path} HTTP/1.1")
    found["target: none"] = lambda t: t.line(f"{t.method}  HTTP/1.1")
    for version in ("HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/11", "http/1.1", "HTCPCP/1.0", ""):
        found[f"version: {version or 'none'}"] = lambda t, v=version: t.line(f"{t.method} {t.full} {v}".rstrip())
    found["version: 1.0 without host"] = lambda t: t.request(Host=None).replace(b"HTTP/1.1", b"HTTP/1.0")
    found["version: 0.9 alone"] = lambda t: f"GET {t.full}\r\n\r\n".encode()
    return found


def _framing() -> dict[str, Any]:
    smuggled = b"0\r\n\r\n"
    lines = {
        "length and chunks": ("Content-Length: 5\r\nTransfer-Encoding: chunked", smuggled),
        "chunks": ("Transfer-Encoding: chunked", b"3\r\na=b\r\n0\r\n\r\n"),
        "chunk garbage": ("Transfer-Encoding: chunked", b"zz\r\n"),
        "chunks, upper case": ("Transfer-Encoding: CHUNKED", smuggled),
        "chunks twice": ("Transfer-Encoding: chunked, chunked", smuggled),
        "unknown coding": ("Transfer-Encoding: xchunked", smuggled), "identity": ("Transfer-Encoding: identity", b""),
        "coding with tab": ("Transfer-Encoding:\tchunked", smuggled),
        "two lengths": ("Content-Length: 1\r\nContent-Length: 2", b"ab"),
        "length twice": ("Content-Length: 1\r\nContent-Length: 1", b"a"),
        "negative length": ("Content-Length: -1", b""),
        "signed length": ("Content-Length: +1", b"a"), "hexadecimal length": ("Content-Length: 0x1", b"a"),
        "length with blank": ("Content-Length: 1 1", b"a"), "huge length": ("Content-Length: " + "9" * 30, b""),
        "too long a body": ("Content-Length: 65537", b""), "folded": ("X-A: a\r\n b", b""),
        "folded with tab": ("X-A: a\r\n\tb", b""),
        "blank before colon": ("X-A : b", b""), "no colon": ("X-A", b""), "no name": (": b", b""),
        "bare line feed": ("X-A: a\nX-B: b", b""),
        "bare carriage return": ("X-A: a\rX-B: b", b""), "NUL": ("X-A: a\0b", b""),
        "huge header": ("X-A: " + "a" * 20_000, b""),
        "many headers": ("\r\n".join(f"X-{n}: {n}" for n in range(3000)), b""),
        "expects more": ("Expect: 100-continue", b""),
    }  # fmt: skip
    found: dict[str, Any] = {
        f"framing: {name}": lambda t, v=value: Target(web=t.web, method="GET", path=t.path, stale=t.stale).more(*v)
        for name, value in lines.items()
    }
    found["framing: body in excess"] = lambda t: t.web.request("POST", t.full, body=b"a" * 65_537)
    return found


def _sessions() -> dict[str, Any]:
    found: dict[str, Any] = {
        "session: no cookie": lambda t: t.request(Cookie=None),
        "session: empty": lambda t: t.request(Cookie=""),
        "session: no value": lambda t: t.request(Cookie="workdiary="),
        "session: forged": lambda t: t.request(Cookie="workdiary=" + "A" * 43),
        "session: of another process": lambda t: t.request(Cookie=t.stale),
        "session: cut": lambda t: t.request(Cookie=t.web.cookie[:-1]),
        "session: longer": lambda t: t.request(Cookie=t.web.cookie + "A"),
        "session: quoted": lambda t: t.request(Cookie='workdiary="{}"'.format(t.web.cookie.partition("=")[2])),
        "session: other name": lambda t: t.request(Cookie=t.web.cookie.replace("workdiary", "Workdiary")),
        "session: in two headers": lambda t: t.request(Cookie=f"a=b\r\nCookie: {t.web.cookie}"),
        "session: as a bearer": lambda t: t.request(Cookie=None, Authorization="Bearer " + t.web.cookie[10:]),
        "session: in the query": lambda t: t.request(full=f"{t.full}?{t.web.cookie}", Cookie=None),
        "session: the secret itself": lambda t: t.request(Cookie="workdiary=" + t.web.place.secret.read_bytes().hex()),
        "base: none": lambda t: t.request(full=t.path),
        "base: of another process": lambda t: t.request(full=f"/0123456789abcdef{t.path}"),
        "base: cut": lambda t: t.request(full=f"{t.web.base[:-1]}{t.path}"),
        "base: without a slash": lambda t: t.request(full=t.web.base),
        "base: as a prefix": lambda t: t.request(full=f"{t.web.base}x{t.path}"),
    }
    return found


HOSTILE: dict[str, Any] = {**_hosts(), **_senders(), **_methods(), **_targets(), **_framing(), **_sessions()}


def blames(answer: Any, target: Target, secret: str) -> list[str]:
    """Return what is wrong with the answer to a hostile request; nothing if it was refused as it must be."""
    text = f"{answer.head}\n{answer.body.decode('latin-1')}"
    found = []
    if answer.status and not 400 <= answer.status < 500:
        found.append(f"answered with {answer.status}")
    if answer.late:
        found.append("kept waiting")
    if not answer.status and answer.body:
        found.append("answered without a head")
    if secret in text:
        found.append("told the secret")
    if target.web.base in text or answer.header("Set-Cookie"):
        found.append("told the way in")
    if answer.status and not (
        answer.header("Content-Security-Policy") and answer.header("Cache-Control") == "no-store"
    ):
        found.append("without safe headers")
    if answer.header("Server") or b"Traceback" in answer.body:
        found.append("told of the server")
    return found
