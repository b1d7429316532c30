"""The web diary in a real browser, on a real journal with every state that the pages tell apart."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import shutil
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workdiary.desk import book as books
from workdiary.desk import desk
from workdiary.desk.machine import LocalMachine
from workdiary.errors import WorkdiaryError
from workdiary.link import client
from workdiary.slots import day_slots, slot_start_ms
from workdiary_web.server.attention import Attention
from workdiary_web.server.events import Events
from workdiary_web.site import make_application

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".venv-web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"  # 4.14.1
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DAY = date(2026, 11, 25)  #: a Wednesday
NOW_MS = slot_start_ms(day_slots(DAY).stop) - 5 * 3_600_000
WIDE, PHONE = (1280, 800), (390, 844)
#: Why axe leaves a contrast open though nothing is wrong: an arrow, one figure, what is scrolled away.
OPEN = {"nonBmp", "shortTextContent", "elmPartiallyObscured"}
#: The contrast of each text of an SVG to the box that it stands on, or to what is behind the SVG.
SVG_TEXTS = r"""() => {
  const numbers = colour => (colour.startsWith("rgb") ? colour.match(/[\d.]+/g) : [0, 0, 0, 0]).map(Number);
  const light = colour => numbers(colour).slice(0, 3).map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = element => {
    const colour = getComputedStyle(element).backgroundColor;
    if ((numbers(colour)[3] ?? 1) === 1) return colour;
    return element.parentElement ? behind(element.parentElement) : 'rgb(255, 255, 255)';
  };
  const under = text => {
    const {x, y, width, height} = text.getBoundingClientRect();
    const boxes = [...text.ownerSVGElement.querySelectorAll('rect')].filter(rect => {
      const box = rect.getBoundingClientRect(), before = rect.compareDocumentPosition(text) & 4;
      const inside = box.left <= x + width / 2 && x + width / 2 <= box.right &&
        box.top <= y + height / 2 && y + height / 2 <= box.bottom;
      return before && inside && (numbers(getComputedStyle(rect).fill)[3] ?? 1) === 1;
    });
    return boxes.length ? getComputedStyle(boxes.at(-1)).fill : behind(text);
  };
  return [...document.querySelectorAll('svg text')].map(text => {
    const [low, high] = [light(getComputedStyle(text).fill), light(under(text))].sort((a, b) => a - b);
    return [text.outerHTML, (high + 0.05) / (low + 0.05)];
  });
}"""


def _load(name: str, path: Path) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


stage = _load("workdiary_web_stage", ROOT / "plugins/web/tests/site/stage.py")
quick_idle = _load("workdiary_quick_idle", ROOT / "contrib/lib/quick_idle.py")
browsers = _load("workdiary_browser", ROOT / "contrib/lib/browser.py")
_load("workdiary_keyboard", ROOT / "tests/web/keyboard.py")


@dataclass
class Site:
    """A diary that is served."""

    address: str
    home: Any
    book: Any
    machine: LocalMachine
    pending: Any

    def __call__(self, path: str) -> str:
        return f"{self.address}/{path}"

    def carry_out(self, page: Any) -> None:
        """Let the time to undo be over, when the page has all pictures: it may ask for none that is gone."""
        while not page.evaluate("[...document.images].every(one => one.complete)"):  # wait_for_function needs eval
            page.wait_for_timeout(20)
        self.pending.carry_out()


@pytest.fixture(scope="session")
def diary(tmp_path_factory) -> Path:
    """Write the home that every test begins with: to be copied, not changed."""
    root = tmp_path_factory.mktemp("diary")
    home = stage.Home.find({"WORKDIARY_HOME": str(root)})
    writer = stage.Writer(home)
    stage.every_state(writer, DAY)
    writer.terms("gone", NOW_MS - 90_000_000, title="An old one " + stage.HOSTILE, client=stage.HOSTILE, status="ended")
    writer.terms("site", NOW_MS - 90_000_000, title="Shop", type="fixed", rate=0)
    writer.journal.connection.execute(
        "INSERT INTO quarantine (uploader, number, at, reason) VALUES ('directory', 9, ?, ?)", (NOW_MS, stage.HOSTILE)
    )
    writer.journal.connection.execute("INSERT INTO cursor VALUES ('directory', 20, 0)")
    writer.journal.close()
    home.config_file.write_text(f'# mine\n[plugins.directory]\npath = "{root}-mirror"\n')
    return root


def serve(root: Path, *, with_machine: bool = True, with_events: bool = False):
    """Serve a home with a clock that stands still; return the site and how to stop it."""
    book = stage.book_of(root)
    home = stage.Home.find({"WORKDIARY_HOME": str(root)})
    pending = stage.MemoryPending(book, lambda: NOW_MS)
    machine = LocalMachine(home)
    application = make_application(
        book,
        pending=pending,
        machine=machine if with_machine else None,
        zone="Europe/Vienna",
        events=with_events,
        wall_ms=lambda: NOW_MS,
    )
    events = Events(home, Attention())

    def with_stream(environ: dict[str, Any], start_response: Any) -> Any:
        return (events if environ["PATH_INFO"] == "/events" else application)(environ, start_response)

    address, end = stage.serve(with_stream)

    def stop() -> None:
        events.close()
        end()

    return Site(address=address, home=home, book=book, machine=machine, pending=pending), stop


@pytest.fixture(scope="session")
def shown(diary):
    """One site for the tests that only look."""
    site, stop = serve(diary)
    yield site
    stop()


@pytest.fixture
def alone(diary):
    """A site that shows the diary and no machine."""
    site, stop = serve(diary, with_machine=False)
    yield site
    stop()


@pytest.fixture
def with_events():
    """Whether the test's own site tells its pages what happens."""
    return False


@pytest.fixture
def site(diary, tmp_path, monkeypatch, with_events):
    """A site of the test's own, which it may change."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.setenv(name, "")
    root = tmp_path / "home"
    shutil.copytree(diary, root, copy_function=shutil.copy2)
    site, stop = serve(root, with_events=with_events)
    yield site
    stop()
    with contextlib.suppress(WorkdiaryError):
        client.call(site.home.socket, "stop")


@pytest.fixture
def somebody(site, tmp_path, monkeypatch):
    """Return the file that says that somebody is there; without it `tern` asks a second after the start."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "plugins"))
    site.book.change("contract_edit", contract="tern", terms={"idle_minutes": 1})
    return quick_idle.install(tmp_path / "plugins")


@pytest.fixture(scope="session")
def browser():
    with browsers.chromium() as browser:
        yield browser


@dataclass
class Complaints:
    """What a page did that it must not do."""

    found: list[str] = field(default_factory=list)

    def watch(self, context: Any) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda one: self.found.append(f"error: {one.error}"))
        context.on("request", self._request)
        context.on("requestfailed", lambda one: self.found.append(f"failed: {one.url} {one.failure}"))
        context.on("response", self._response)

    def _console(self, message: Any) -> None:
        # A page may answer that there is none, or that a form is wrong: that is for ``_response`` to judge.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.found.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= (500 if response.request.is_navigation_request() else 400):
            self.found.append(f"{response.status}: {response.url}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:image/")):
            self.found.append(f"external: {request.url}")


@pytest.fixture
def open_page(browser):
    """Open pages, each in an empty profile; whatever they complain of fails the test."""
    contexts = []
    complaints = Complaints()

    def make(*, theme: str = "light", size: tuple[int, int] = WIDE, scripts: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        complaints.watch(context)
        return context.new_page()

    make.complaints = complaints.found
    yield make
    found = list(complaints.found)  # closing a page that still loads something is not for the page to answer
    for context in contexts:
        context.close()
    assert found == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def hasty_page(open_page):
    """A page that is left before its pictures have come, or for a download: what ends early is no fault of it."""
    page = open_page()
    yield page
    page.context.close()
    open_page.complaints[:] = [one for one in open_page.complaints if not one.endswith("net::ERR_ABORTED")]


@pytest.fixture
def at_that_time(monkeypatch, site):
    """Let changes of the test's own site happen when its clock stands still."""
    for module in (desk, books):
        monkeypatch.setattr(module, "system_clock", lambda: SimpleNamespace(wall=site.pending._wall_ms()))


@pytest.fixture
def day():
    """The day that it is then."""
    return DAY.isoformat()


@pytest.fixture(scope="session")
def axe():
    """Return what axe finds on a page: violations of any kind, and contrasts that it could not compute."""
    if not AXE.exists() or hashlib.sha256(AXE.read_bytes()).hexdigest() != AXE_SHA256:
        pytest.fail("axe-core is not installed as it should be; ./contrib/test does it")
    source = AXE.read_text(encoding="utf-8")

    def check(page: Any, within: str = "html") -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            "([where, rules]) => axe.run(where, {runOnly: rules, resultTypes: ['violations', 'incomplete']})",
            [within, RULES],
        )
        unclear = [one for one in found["incomplete"] if one["id"].startswith("color-contrast")]
        nodes = [(one, node) for one in (*found["violations"], *unclear) for node in one["nodes"]]
        faint = [f"color-contrast: {text}" for text, contrast in page.evaluate(SVG_TEXTS) if contrast < 4.5]
        return faint + [f"{one['id']}: {node['html']}" for one, node in nodes if not _is_open(node)]

    return check


def _is_open(node: Any) -> bool:
    """Say whether a contrast was left open for a reason of the tool's own; it cannot judge what stands in an SVG."""
    keys = {(one.get("data") or {}).get("messageKey") for one in node["any"] if one["id"] == "color-contrast"}
    return bool(keys & OPEN) or (bool(keys) and node["html"].startswith("<text"))
