from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from workdiary.cli.root import COMMANDS

HOUSE = Path(__file__).parents[2]
PAGES = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("plugins/*/*.md")])
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")
LOCAL_PATH = re.compile(r"(?<![\w./])(?:/home/\w|/root\b|/work/|/Users/\w|[A-Z]:\\)|/tmp/(?!\.X11)\w")


def each(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda page: str(page.relative_to(HOUSE)))


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", without_code(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each(PAGES)
def test_every_link_within_the_house_leads_somewhere(page):
    for target in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{target} leads nowhere"
        assert found.is_relative_to(HOUSE), f"{target} leads out of the house"
        assert not anchor or anchor in anchors(found), f"{target}: there is no such heading"


@each(PAGES)
def test_no_page_names_a_path_of_one_machine(page):
    assert not LOCAL_PATH.findall(page.read_text(encoding="utf-8"))


@each([page for page in PAGES if page.is_relative_to(HOUSE / "docs")])
def test_a_page_has_one_title_and_no_heading_that_skips_a_level(page):
    text = without_code(page.read_text(encoding="utf-8"))
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each([page for page in PAGES if page.is_relative_to(HOUSE / "docs") and page.name != "index.md"])
def test_every_page_can_be_reached_from_the_map(page):
    targets = LINK.findall((HOUSE / "docs" / "index.md").read_text(encoding="utf-8"))
    assert page.relative_to(HOUSE / "docs").as_posix() in targets


@each(PAGES)
def test_every_command_that_a_page_names_exists_with_its_options(page, generate):
    known = dict(generate.own_commands())
    known |= {name: command for _, name, command in generate.plugin_commands()}
    text = page.read_text(encoding="utf-8")
    spans = re.findall(r"`workdiary ([a-z][^`\n]*)`", without_code(text))
    lines = re.findall(r"^(?:\$ )?workdiary ([a-z].*)$", text, re.MULTILINE)
    for line in [*spans, *lines]:
        words = line.split(" #")[0].split()
        name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        if name == "room":  # the example of a guide
            continue
        assert name in known, f"workdiary {line}: there is no such command"
        options = {opt for one in known[name].params for opt in (*one.opts, *one.secondary_opts)} | {"--help", "-h"}
        used = {word.split("=")[0].rstrip(",.;") for word in words if re.match(r"--?[a-z]", word)}
        assert used <= options, f"workdiary {line}: {sorted(used - options)}"


def test_the_commands_of_core_are_all_there(generate):
    assert set(COMMANDS) <= {name for name, _ in generate.own_commands()}
