import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.diary.terms import MAX_RATE, WEEK_SECONDS
from workdiary.diary.typed import duration, rate, typed_limit, typed_rate, weekly_limit
from workdiary.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("90", 90), ("2m", 120), ("1h30m", 5400), ("40h", 144_000), ("0h", 0)]
)
def test_durations_are_read_as_people_write_them(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "1.5h", "-1h", "1h 30m", "forty", "m"])
def test_what_is_no_duration_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="is not a duration") as refusal:
        duration(text)
    assert "1h30m" in refusal.value.remedy


def test_a_limit_is_in_hours_unless_it_says_otherwise():
    assert weekly_limit("40") == weekly_limit("40h") == 144_000
    assert weekly_limit("37h30m") == 135_000
    assert weekly_limit("none") is None


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("47.50", "EUR", 4750), ("50", "EUR", 5000), ("50", "JPY", 50), ("1.5", "KWD", 1500)],
)
def test_a_rate_is_exact_in_the_minor_units_of_its_currency(text, currency, minor):
    assert rate(text, currency) == minor


@pytest.mark.parametrize("text", ["47.505", "-1", "fifty", "", "1e999999999", "nan", "inf", "47,50"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(UsageError, match="is not a rate"):
        rate(text, "EUR")


@given(st.integers(0, MAX_RATE), st.sampled_from(["EUR", "JPY", "KWD"]), st.none() | st.integers(0, WEEK_SECONDS))
def test_what_a_form_shows_is_read_back_as_it_was(minor, currency, limit):
    assert rate(typed_rate(minor, currency), currency) == minor
    assert weekly_limit(typed_limit(limit)) == limit
