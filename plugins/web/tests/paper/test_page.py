"""The page of a week: whole, safe, and held to the file beside it."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "site"))
import stage

from workdiary.desk import desk
from workdiary.exporter import Export, Proof
from workdiary.journal.images import open_image
from workdiary.paths import Home
from workdiary.proof.verify import verify
from workdiary.slots import day_slots, week_of
from workdiary_web.paper.page import write_page

DAY = date(2026, 11, 24)
WEEK = week_of(day_slots(DAY).start)


class Seen(HTMLParser):
    """What a browser would make of the page: elements with their attributes, and the text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    found = Home.find({"WORKDIARY_HOME": str(tmp_path_factory.mktemp("home"))})
    stage.every_state(stage.Writer(found), DAY)
    return found


def page_of(home, *, images=True, proof=None):
    keys = desk.open_keys(home)
    picture = (lambda image: open_image(home.blobs, image.sha256, keys)) if images else None
    out = io.BytesIO()
    week = stage.book_of(home.data.parent).week("acme", WEEK)
    write_page(Export(week=week, picture=picture, proof=proof), out)
    return out.getvalue().decode()


def test_the_page_is_whole_fetches_nothing_and_runs_nothing(home):
    page = page_of(home)
    seen = Seen(page)
    tags = {tag for tag, _ in seen.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    addresses = [
        value for _, attrs in seen.elements for name, value in attrs.items() if name in ("src", "href", "action")
    ]
    assert addresses
    assert all(one.startswith("data:image/jpeg;base64,") for one in addresses)
    assert not any(name.startswith("on") or name == "style" for _, attrs in seen.elements for name in attrs)


def test_the_policy_allows_exactly_the_style_that_is_inside(home):
    page = page_of(home, images=False)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = [attrs["content"] for tag, attrs in Seen(page).elements if attrs.get("http-equiv")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    )


def test_hostile_titles_and_memos_stay_text(home):
    page = page_of(home, images=False)
    assert "<script" not in page
    assert html.escape('<script>alert("x")</script>', quote=True).replace("&#x27;", "&#39;") in page
    assert not [attrs for tag, attrs in Seen(page).elements if tag == "img"]
    line = next(line for line in page.splitlines() if "\u202e" in line)
    assert re.search("<bdi>[^<]*\u202e[^<]*</bdi>", line)


def test_unknown_is_said_in_words_and_deleted_values_are_gone(home):
    text = Seen(page_of(home, images=False)).text
    assert "unknown" in text
    assert "window unknown: no window backend" in text
    assert "no picture: the screen is locked" in text
    assert "no picture: the image was removed by its owner" in text
    assert "Deleted by its owner" in text
    assert "a private message" not in text
    assert "Not recorded until" in text
    assert "The pictures are not in this page." in text


def test_pictures_are_small_and_those_that_were_removed_are_not_there(home):
    page = page_of(home)
    pictures = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)
    week = stage.book_of(home.data.parent).week("acme", WEEK)
    assert len(pictures) == sum(1 for one in week.segments if one.snapshot)
    with Image.open(io.BytesIO(base64.b64decode(pictures[0]))) as picture:
        assert picture.width == 640
    assert max(map(len, pictures)) < 60_000


def test_a_picture_that_is_damaged_is_said_so_in_its_place(home, monkeypatch):
    week = stage.book_of(home.data.parent).week("acme", WEEK)
    out = io.BytesIO()
    write_page(Export(week=week, picture=lambda image: b"no picture"), out)
    assert "no picture here: it is no picture that can be opened" in out.getvalue().decode()


def test_the_page_names_its_proof(home):
    proof = Proof(name="week.zip", sha256="ab" * 32, device="0123456789abcdef")
    text = Seen(page_of(home, images=False, proof=proof)).text
    assert "ab" * 32 in text
    assert "workdiary verify --plain week.zip" in text
    assert "anybody could have changed it" in text


def test_the_command_writes_both_files_or_none(home, tmp_path):
    env = {**os.environ, "WORKDIARY_HOME": str(home.data.parent)}

    def run(*arguments, code=0):
        command = [sys.executable, "-m", "workdiary", "export", "--week", "2026-W48", "--contract", "acme", *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    said = json.loads(run("--html", "week.html", "--images", "--json"))
    page, proof = tmp_path / "week.html", tmp_path / "week.zip"
    assert said["sha256"] == hashlib.sha256(proof.read_bytes()).hexdigest()
    assert said["sha256"] in page.read_text()
    assert (said["bytes"], said["proof"]) == (page.stat().st_size, "week.zip")
    assert verify(proof).exit_code == 0
    assert "exists already" in run("--html", "week.html", code=1)
    (tmp_path / "other.html").write_text("mine")
    assert "exists already" in run("--html", "other.html", code=1)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["other.html", "week.html", "week.zip"]
    assert "name one file" in run("--html", "a.html", "--out", "b.zip", code=2)
    assert "End the page's name" in run("--html", "a.zip", code=2)


def test_the_page_prints(home, tmp_path):
    """In a real browser: it makes a PDF of more than one page, and the policy stops nothing of ours."""
    said, pdf = printed(page_of(home), tmp_path)
    assert "Content Security Policy" not in said
    assert len(re.findall(rb"/Type */Page\b", pdf)) > 1
    changed, _ = printed(page_of(home, images=False).replace("color: #1b1f1d", "color: #1b1f1e"), tmp_path)
    assert "Content Security Policy" in changed  # positive control: a changed style is stopped


def printed(page, tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium")
    (tmp_path / "page.html").write_text(page)
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
         "--enable-logging=stderr", f"--print-to-pdf={tmp_path / 'week.pdf'}", (tmp_path / "page.html").as_uri()],
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    pdf = (tmp_path / "week.pdf").read_bytes()
    assert pdf.startswith(b"%PDF"), done.stderr
    return done.stderr, pdf
