"""Presence is put together from whoever knows a part of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workdiary.payloads import Presence, Unknown
from workdiary.plugins.answer import Answer, Heard, merge

UNSAID = Unknown(reason="not seen")


def heard(plugin, active=UNSAID, idle=UNSAID, locked=UNSAID, reason="", **more):
    value = Presence(since=f"run of {plugin}", active_ms=active, idle_ms=idle, locked=locked)
    return Heard(plugin=plugin, value=Unknown(reason=reason) if reason else value, reason=reason, **more)


def test_each_field_comes_from_the_first_that_knows_it():
    found = merge([heard("timer", active=5, idle=7), heard("login", active=9, locked=False)])
    assert (found.active_ms, found.since) == (Answer(plugin="timer", value=5), "run of timer")
    assert found.idle_ms == Answer(plugin="timer", value=7)
    assert found.locked == Answer(plugin="login", value=False)


def test_the_run_is_that_of_the_source_of_active_time():
    found = merge([heard("login", locked=True), heard("timer", active=1)])
    assert (found.active_ms.plugin, found.since) == ("timer", "run of timer")


def test_one_that_sees_the_lock_is_believed_against_all_that_do_not():
    found = merge([heard("login", locked=False), heard("saver", locked=True), heard("other", locked=False)])
    assert found.locked == Answer(plugin="saver", value=True)


def test_what_nobody_knows_is_unknown_with_every_reason():
    silent = heard("built in", reason="nothing is installed", builtin=True)
    found = merge([heard("timer", active=1, idle=1), heard("far", reason="no display"), silent])
    assert found.locked == Answer(plugin="", value=Unknown(reason="timer: not seen; far: no display"))
    assert merge([silent]).active_ms.value == Unknown(reason="nothing is installed")
    assert merge([]).idle_ms.value == Unknown(reason="no plugin answers this")


FIELDS = st.one_of(st.just(UNSAID), st.integers(0, 9))
SAID = st.tuples(FIELDS, FIELDS, st.one_of(st.just(UNSAID), st.booleans()), st.sampled_from(("", "", "broken")))


@given(st.lists(SAID, max_size=5))
def test_a_field_is_unknown_exactly_if_nobody_knows_it(said):
    found = merge([heard(f"p{number}", *one) for number, one in enumerate(said)])
    for place, field in enumerate(("active_ms", "idle_ms", "locked")):
        known = [one[place] for one in said if not one[3] and one[place] is not UNSAID]
        value = getattr(found, field).value
        assert isinstance(value, Unknown) != bool(known)
        assert isinstance(value, Unknown) or value in known
    assert (found.locked.value is True) == any(one[2] is True and not one[3] for one in said)
