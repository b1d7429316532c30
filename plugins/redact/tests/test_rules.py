from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary_redact.rules import Config, Level


def test_plain_text_is_contained_in_a_title_and_equal_to_an_application():
    config = Config(exclude_titles=("bank",), exclude_apps=("KeePassXC",))
    assert config.level("firefox", "My Bank - Firefox") is Level.EXCLUDED
    assert config.level("keepassxc", "") is Level.EXCLUDED
    assert config.level("keepassxc-proxy", "") is Level.SHOWN


def test_star_and_question_mark_make_a_glob_over_the_whole_text():
    config = Config(mask_titles=("*.pdf - ?iewer",), mask_apps=("org.mail.*",))
    assert config.level("x", "Report.PDF - Viewer") is Level.MASKED
    assert config.level("x", "Report.pdf - Viewer 2") is Level.SHOWN
    assert config.level("Org.Mail.Client", "") is Level.MASKED


def test_a_glob_covers_titles_with_line_breaks():
    assert Config(exclude_titles=("*bank*",)).level("x", "a\nbank\nb") is Level.EXCLUDED


@pytest.mark.parametrize("pattern", ["[Inbox]", "*[Inbox]*", "?Inbox]"])
def test_a_bracket_stands_for_itself(pattern):
    config = Config(exclude_titles=(pattern,))
    assert config.level("mail", "[Inbox]") is Level.EXCLUDED
    assert config.level("mail", "I") is Level.SHOWN


def test_exclude_beats_mask():
    config = Config(exclude_titles=("a",), mask_titles=("a",), mask_apps=("x",))
    assert config.level("x", "a") is Level.EXCLUDED


def test_composed_and_decomposed_letters_are_the_same():
    assert Config(exclude_titles=("Gehälter",)).level("x", "GEHA\u0308LTER 2026") is Level.EXCLUDED


def test_an_empty_pattern_is_refused_and_named():
    with pytest.raises(ValueError, match="mask_titles: a pattern is empty"):
        Config(mask_titles=("ok", " "))


@given(title=st.text(), app=st.text())
def test_without_rules_everything_is_shown(title, app):
    assert Config().level(app, title) is Level.SHOWN


@given(before=st.text(), part=st.text(min_size=1).filter(str.strip), after=st.text())
def test_a_title_holding_the_text_is_always_hit(before, part, after):
    plain = part.replace("*", "x").replace("?", "x")
    # A combining mark next to the part may become one letter with it, which is another text.
    assert Config(exclude_titles=(plain,)).level("app", f"{before}\n{plain}\n{after}") is Level.EXCLUDED
