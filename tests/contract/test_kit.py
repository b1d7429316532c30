# ruff: noqa: E501  # one broken plugin a line, so that the list reads as a table
"""The kit is worth something only if a plugin that breaks a promise fails it, and is told which one."""

import os
import subprocess
import sys
import textwrap

import pytest

HEAD = """
import logging, os, sys, threading, time
from dataclasses import dataclass, replace
from workdiary.hooks import hookimpl
from workdiary.payloads import *
state = {}
"""
COUNTS = "count_input(): return InputCounts(since='a', keys=typed()[0], clicks=typed()[1], scrolls=typed()[2])"
TYPED = "\ndef typed(): return [int(n) for n in open(os.environ['TYPED']).read().split()] if 'TYPED' in os.environ else [0] * 3\n"
WINDOW = "capture_window(): return Window(app='Editor', title='notes')"
PRESENCE = "presence(): return Presence(since='a', active_ms=5, idle_ms=7, locked=False)"
MONITOR = "Monitor(name='one', rect=Rect(x=0, y=0, width=4, height=2))"
SURVEY = f"survey_screen(): return ScreenMap(monitors=({MONITOR},), windows=())"
FRAME = "Frame(rect=Rect(x=0, y=0, width=4, height=2), width=4, height=2, pixels=bytes(range(32)))"
GRAB = f"grab_screen(): return ({FRAME},)"
FILL = (
    "redact(snapshot):\n    if 'bank' not in getattr(snapshot.window, 'title', ''): return None\n"
    "    return replace(snapshot, window=Window(app='', title='hidden'),"
    " frames=tuple(replace(f, pixels=bytes(len(f.pixels))) for f in snapshot.frames))"
)
POLICY = "decide_snapshot(): return Decision(verdict=Verdict.DENY, reason='no')|plan_moments(slot): return [slot.from_offset]"

DRIVERS = """
    @pytest.fixture
    def can_focus(self): return lambda: 'notes'
    @pytest.fixture
    def can_paint(self): return lambda: (1, 0, (4, 5, 6))
    @pytest.fixture
    def can_type(self, tmp_path, monkeypatch):
        file = tmp_path / 'typed'
        file.write_text('0 0 0')
        monkeypatch.setenv('TYPED', str(file))
        return lambda keys, clicks, scrolls: file.write_text(f'{keys} {clicks} {scrolls}')
    @pytest.fixture
    def secret(self):
        from workdiary.payloads import Rect, VisibleWindow
        from workdiary.testing.redactor import make_snapshot
        place = Rect(x=5, y=5, width=20, height=10)
        return make_snapshot(VisibleWindow(app='Web', title='my bank', rect=place)), (place,), ('bank',)
"""

PLUGINS = [
    ("InputMeterContract", COUNTS, ""),
    ("InputMeterContract", "count_input(): raise OSError", "count_input returns what workdiary.hooks says"),
    ("InputMeterContract", "count_input(): return 0", "expected InputCounts, got int"),
    ("InputMeterContract", "count_input(): return Unknown(reason='no right')", "has a reading on this machine"),
    ("InputMeterContract", "count_input(): time.sleep(0.05); return InputCounts(since='a', keys=0, clicks=0, scrolls=0)", "from memory"),
    ("InputMeterContract", "count_input(): state['n'] = state.get('n', 99) - 1; return InputCounts(since='a', keys=state['n'], clicks=0, scrolls=0)", "odometers never fall"),
    ("InputMeterContract", COUNTS.replace("typed()[0]", "typed()[0] * 2"), "5 keys are counted as 5\n  found: 10"),
    ("InputMeterContract", "count_input(): return InputCounts(since='', keys=0, clicks=0, scrolls=0)", "`since` names the counting run"),
    ("WindowProbeContract", WINDOW, ""),
    ("WindowProbeContract", WINDOW.replace("'notes'", "None"), "Window holds something that is no text"),
    ("WindowProbeContract", WINDOW.replace("notes", "other"), "the active window's title is 'notes'"),
    ("PresenceContract", PRESENCE, ""),
    ("PresenceContract", PRESENCE.replace("5", "time.monotonic_ns()"), "active time grows, and not faster than time"),
    ("PresenceContract", PRESENCE.replace("7", "99999"), "a key press ends the idle time"),
    ("PresenceContract", PRESENCE.replace("False", "0"), "Presence holds something that is no reading"),
    ("SurveyContract", SURVEY, ""),
    ("SurveyContract", SURVEY.replace(f"({MONITOR},)", f"({MONITOR}, {MONITOR})"), "monitors have different names"),
    ("SurveyContract", SURVEY.replace(f"({MONITOR},)", "()"), "a map has at least one monitor"),
    ("GrabberContract", GRAB, ""),
    ("GrabberContract", GRAB.replace("range(32)", "range(31)"), "Frame whose pixels do not fill it"),
    ("GrabberContract", GRAB.replace("bytes(range(32))", "bytes(32)"), "the pixel at 1, 0 is (blue, green, red) (4, 5, 6)"),
    ("RedactorContract", FILL, ""),
    ("RedactorContract", "redact(snapshot): return replace(snapshot, frames=())", "frames of the same number and size"),
    ("RedactorContract", "redact(snapshot): return None", "is filled with one colour"),
    ("RedactorContract", FILL.replace("'hidden'", "snapshot.window.title"), "secret texts are gone"),
    ("RedactorContract", "redact(snapshot): return replace(snapshot, window=Window(app='', title=str(time.time_ns())))", "same answer to the same snapshot"),
    ("NotifierContract", "notify(notice): return Shown()", ""),
    ("NotifierContract", "notify(notice): return True", "expected Shown, got bool"),
    ("NotifierContract", "notify(notice): return Unknown(reason='')", "expected Shown, got Unknown"),
    ("NotifierContract", "notify(notice): raise OSError", "notify returns what workdiary.hooks says"),
    ("PolicyContract", POLICY, ""),
    ("PolicyContract", POLICY.replace("'no'", "''"), "a DENY says why"),
    ("PolicyContract", POLICY.replace("[slot.from_offset]", "[slot.from_offset - 1]"), "whole seconds from_offset..599"),
    ("PluginContract", "start(context): pass|stop(): pass|observe(event): pass", ""),
    ("PluginContract", "redakt(snapshot): pass", "did you mean workdiary_redact?"),
    ("PluginContract", "stop(): return state['connection'].close()", "workdiary_stop does not fail"),
    ("PluginContract", "start(context): threading.Thread(target=time.sleep, args=(4,), daemon=True, name='lost').start()", "stop leaves no thread behind\n  found: ['lost']"),
    ("PluginContract", "observe(event): pass\nprint('hello')", "importing the plugin prints nothing"),
    ("PluginContract", "observe(event): pass\nthreading.Thread(target=time.sleep, args=(1,), daemon=True).start()", "importing starts no thread"),
    ("PluginContract", "observe(event): pass\nlost = os.open(os.devnull, 0)", "importing leaves no file or connection open"),
    ("PluginContract", "config_type(): return dict", "must return a frozen dataclass"),
]  # fmt: skip

BACKEND = """
import hashlib
import pytest
from workdiary.testing import UploaderContract
from workdiary.uploader import *
class Backend:
    name = "memory"
    def __init__(self): self.kept, self.down = {}, False
    def deliver(self, items):
        if self.down: raise TransientError("down")
        return [self.take(item) for item in items]
    def take(self, item):
        if item.kind == "bad": return Rejected(number=item.number, reason="bad")
        body = self.kept.setdefault(item.seq, item.body)
        return Stored(number=item.number, digest=hashlib.sha256(body).digest())
    def close(self): pass
class TestBackend(UploaderContract):
    @pytest.fixture
    def uploader(self): return Backend()
    @pytest.fixture
    def outage(self, uploader):
        from contextlib import contextmanager
        @contextmanager
        def down():
            uploader.down = True
            yield
            uploader.down = False
        return down
    @pytest.fixture
    def bad_item(self):
        from dataclasses import replace
        from workdiary.testing.uploader import make_item
        return replace(make_item(9), kind="bad")
"""
BACKENDS = [
    ("", "", ""),
    ('name = "memory"', 'name = ""', "a backend has a name"),
    ("self.kept.setdefault(item.seq, item.body)", "item.body + b' '", "as it is read back"),
    ("[self.take(item) for item in items]", "[self.take(item) for item in items[:1]]", "deliver answers for each item in order"),
    ('TransientError("down")', 'OSError("down")', "an outage raises TransientError\n  found: OSError"),
    ('if self.down: raise TransientError("down")', "pass", "nothing is acknowledged during an outage"),
    ('Rejected(number=item.number, reason="bad")', "Stored(number=9, digest=b'')", "a bad item is Rejected with a reason"),
    ("def close(self): pass", "def close(self): del self.kept", "test_closing_twice_is_fine"),
    ("def take(self, item):", "def take(self, item):\n        import logging; logging.info('%s', item)", "no opening is written to the log"),
]  # fmt: skip


STORE = """
import hashlib, json
from dataclasses import replace
import pytest
from workdiary.testing import Kept, StoreContract
from workdiary.uploader import *
disk, pictures, erased = {}, {}, set()
class Backend:
    name = "memory"
    def deliver(self, items): return [self.take(item) for item in items]
    def take(self, item):
        at = (item.chain, item.seq)
        old = disk.get(at)
        if old and old[0] != item.body: return Rejected(number=item.number, reason="fork")
        values, images = dict(item.openings), [one.sha256 for one in item.images]
        for one in item.images: pictures[one.sha256] = one.sealed()
        if at in erased: values, images = {}, []
        disk[at] = (item.body, item.signature, values, images)
        for seq, field in item.erases: self.erase((item.chain, seq))
        return Stored(number=item.number, digest=hashlib.sha256(disk[at][0]).digest())
    def erase(self, at):
        erased.add(at)
        disk[at] = (*disk[at][:2], {}, [])
    def close(self): pass
class TestBackend(StoreContract):
    @pytest.fixture
    def uploader(self):
        for one in (disk, pictures, erased): one.clear()
        return Backend()
    @pytest.fixture
    def again(self): return Backend
    @pytest.fixture
    def kept(self):
        return lambda: [Kept(chain=chain, seq=seq, body=body, signature=signature,
            openings={name: value for name, (salt, value) in values.items()},
            images={name: pictures[name] for name in images}) for (chain, seq), (body, signature, values, images) in disk.items()]
"""
KEEP = "disk[at] = (item.body, item.signature, values, images)"
STORES = [
    ("", "", ""),
    (KEEP, "disk[at] = (json.dumps(json.loads(item.body)).encode(), item.signature, values, images)", "as it is read back"),
    (KEEP, "if len(disk) < 250: " + KEEP, "KeyError"),
    (KEEP, KEEP.replace("item.signature", "bytes(64)[:-1]"), "the signature is kept"),
    (KEEP, KEEP.replace("item.signature", "item.signature.hex().encode()"), "the signature is kept"),
    (KEEP, KEEP.replace("values", "{}"), "has the values that it was sent with"),
    (KEEP, KEEP.replace("values", "{k: (s, v[:50_000]) for k, (s, v) in values.items()}"), "has the values that it was sent with"),
    (KEEP, KEEP.replace("values", r"{k: (s, v.replace(b'\0', b'')) for k, (s, v) in values.items()}"), "has the values that it was sent with"),
    (KEEP, KEEP.replace("values", r"{k: (s, v.replace(b'\r', b'\n')) for k, (s, v) in values.items()}"), "has the values that it was sent with"),
    (KEEP, KEEP.replace("values", "{k: (s, v.replace(b'<', b'&lt;')) for k, (s, v) in values.items()}"), "has the values that it was sent with"),
    (KEEP, KEEP.replace("values", "{k: (s, v.strip(b'.')) for k, (s, v) in values.items()}"), "has the values that it was sent with"),
    (KEEP, KEEP.replace("images", "[]"), "has its images, byte for byte"),
    (KEEP, KEEP.replace("images", "images[1:]"), "has its images, byte for byte"),
    ("one.sealed()", "one.open()", "has its images, byte for byte"),
    ("one.sealed()", "one.sealed() + b'.'", "has its images, byte for byte"),
    ("at = (item.chain, item.seq)", "at = ('device/contract', item.seq)", "every entry is kept"),
    ("at = (item.chain, item.seq)", "at = (item.chain, item.number)", "every entry is kept"),
    ("at = (item.chain, item.seq)", "at = (item.chain, item.seq, len(disk))", "too many values to unpack"),
    ("[self.take(item) for item in items]", "[self.take(item) for item in reversed(items)][::-1]", "a chain is kept in its order"),
    ("[self.take(item) for item in items]", "[self.take(item) for item in items][::-1]", "deliver answers for each item in order"),
    ("[self.take(item) for item in items]", "[self.take(item) for item in items if item.seq != 5]", "deliver answers for each item in order"),
    ("[self.take(item) for item in items]", "[self.take(item) for item in items[:100]] if items[100:] else [self.take(item) for item in items[:-1]]", "deliver answers for each item in order"),
    ("[self.take(item) for item in items]", "[] if len(items) > 200 else [self.take(item) for item in items]", "some of a long batch is answered for"),
    ('if old and old[0] != item.body: return Rejected(number=item.number, reason="fork")', "pass", "a fork is not acknowledged"),
    ('return Rejected(number=item.number, reason="fork")', "item = replace(item, body=old[0] + b'+')", "the body is kept as it was signed"),
    ("if at in erased: values, images = {}, []", "pass", "has the values that it was sent with, and no others"),
    ("if at in erased: values, images = {}, []", "if at in erased: values = {}", "has its images, byte for byte, and no others"),
    ("disk[at] = (*disk[at][:2], {}, [])", "pass", "has the values that it was sent with, and no others"),
    ("disk[at] = (*disk[at][:2], {}, [])", "disk[at] = (*disk[at][:3], [])", "has the values that it was sent with, and no others"),
    ("disk[at] = (*disk[at][:2], {}, [])", "del disk[at]", "every entry is kept"),
    ("disk[at] = (*disk[at][:2], {}, [])", "disk.clear()", "KeyError"),
    ("    def close(self): pass", "    def __init__(self): disk.clear()\n    def close(self): pass", "every entry is kept"),
    ("    def close(self): pass", "    def close(self): disk.clear()", "every entry is kept"),
]  # fmt: skip


def run_kit(directory, test):
    file = directory / "test_it.py"
    file.write_text(test)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:hypothesispytest",
        str(file),
    ]
    environ = {**os.environ, "PYTHONPATH": str(directory)}
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=directory, env=environ, check=False, timeout=60
    )
    return result.returncode, result.stdout + result.stderr


def verdict(code, output, expected):
    if not expected:
        assert code == 0, output
    else:
        assert code == 1, output
        assert expected in textwrap.dedent(output), output


@pytest.mark.parametrize(("contract", "body", "expected"), PLUGINS)
def test_a_plugin_that_breaks_a_promise_fails_the_kit(tmp_path, contract, body, expected):
    hooks = "".join(f"@hookimpl\ndef workdiary_{part}\n" for part in body.split("|"))
    (tmp_path / "subject.py").write_text(HEAD + TYPED + hooks)
    info = tmp_path / "workdiary_subject-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: workdiary-subject\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[workdiary]\nsubject = subject\n")
    test = (
        f"import pytest\nfrom workdiary.testing import {contract}\nclass TestSubject({contract}):\n"
        f"    @pytest.fixture\n    def entry_point(self): return 'subject'\n{DRIVERS}"
    )
    verdict(*run_kit(tmp_path, test), expected)


@pytest.mark.parametrize(("old", "new", "expected"), BACKENDS)
def test_a_backend_that_breaks_a_promise_fails_the_kit(tmp_path, old, new, expected):
    assert old in BACKEND
    verdict(*run_kit(tmp_path, BACKEND.replace(old, new) if old else BACKEND), expected)


@pytest.mark.parametrize(("old", "new", "expected"), STORES)
def test_a_store_that_breaks_a_promise_fails_the_kit(tmp_path, old, new, expected):
    assert old in STORE
    verdict(*run_kit(tmp_path, STORE.replace(old, new) if old else STORE), expected)


def test_a_forgotten_fixture_is_named(tmp_path):
    code, output = run_kit(
        tmp_path, "from workdiary.testing import PluginContract\nclass TestIt(PluginContract): pass\n"
    )
    assert code == 1
    assert "override the fixture `entry_point`" in output


def test_the_fakes_do_not_need_pytest():
    code = "import sys; from workdiary.testing import FlakyUploader, ManualClock; assert 'pytest' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
