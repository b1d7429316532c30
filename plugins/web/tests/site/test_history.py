"""What a browser keeps in its history says neither what was on the screen nor what was written."""

from __future__ import annotations

import re
from pathlib import Path

import workdiary_web.site

TEMPLATES = Path(workdiary_web.site.__file__).parent / "templates"
TITLE = re.compile(r"{% block title %}(.*?){% endblock %}")
PRIVATE = re.compile(r"memo|window|reason|missing")


def test_no_pages_title_tells_a_memo_or_a_window():
    titles = {file.name: found[1] for file in TEMPLATES.rglob("*.html") if (found := TITLE.search(file.read_text()))}
    values = {name: re.findall(r"{{(.*?)}}", title) for name, title in titles.items()}
    assert len(values) > 10
    assert "segment.html" in values
    assert not [name for name, said in values.items() if any(PRIVATE.search(one) for one in said)]
    assert PRIVATE.search("segment.memo|short:40")  # positive control
