"""What the counter counts, on devices whose every event the test knows."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import inputbed
from inputbed import BTN_LEFT, BTN_RIGHT, BTN_TOUCH, KEY, KEY_A, REL, SYN

from workdiary_evdev.stream import PROGRAM

REPEAT, SYN_DROPPED, MSC = 2, 3, 4


def test_ten_thousand_presses_are_ten_thousand(keyboard, run_counter):
    counter = run_counter()
    for code in range(1, 101):
        keyboard.press(code, times=100)
    assert counter.until(lambda line: line.totals[0] >= 10_000).totals == (10_000, 0, 0)
    assert counter.is_silent(1.5)


def test_a_held_key_counts_once(keyboard, run_counter):
    counter = run_counter()
    hold(keyboard)
    assert counter.until(lambda line: line.totals[0]).totals == (1, 0, 0)
    assert counter.is_silent(1.5)


def test_a_counter_of_repeats_is_found_wrong(keyboard, run_counter, tmp_path):
    """The control of the test above: the same program, changed so that it counts repeats."""
    wrong = PROGRAM.read_text().replace("value == PRESS", "value")
    assert wrong != PROGRAM.read_text()
    (tmp_path / "wrong.py").write_text(wrong)
    counter = run_counter(program=tmp_path / "wrong.py")
    hold(keyboard)
    assert counter.until(lambda line: line.totals[0] > 20).totals == (41, 0, 0)


def hold(keyboard):
    keyboard.tell((MSC, 4, 30), (KEY, KEY_A, 1))
    for _ in range(40):
        keyboard.tell((KEY, KEY_A, REPEAT))
    keyboard.tell((MSC, 4, 30), (KEY, KEY_A, 0))


def test_buttons_are_clicks_and_wheel_steps_are_scrolls(mouse, run_counter):
    counter = run_counter()
    for code in (BTN_LEFT, BTN_RIGHT, 0x112, 0x113, 0x114):
        mouse.press(code)
    for code, value in ((8, 1), (8, -3), (6, 1), (6, -1)):
        mouse.tell((REL, code, value), (REL, 11 if code == 8 else 12, value * 120))
    assert counter.until(lambda line: line.totals[2]).totals == (0, 5, 6)


def test_motion_is_not_told(mouse, run_counter):
    counter = run_counter()
    counter.line()
    for _ in range(200):
        mouse.tell((REL, 0, 3), (REL, 1, -2))
    assert counter.is_silent(1.5)


def test_all_keyboards_and_mice_together_are_one_total(testbed, run_counter):
    plugged = [testbed.plug(codes) for codes in (inputbed.KEYBOARD, inputbed.KEYBOARD, inputbed.MOUSE)]
    counter = run_counter()
    plugged[0].press(KEY_A, times=3)
    plugged[1].press(KEY_A, times=4)
    plugged[2].press(BTN_LEFT, times=2)
    assert counter.until(lambda line: line.totals[:2] == (7, 2)).state == "ok"


def test_game_pads_and_sensors_are_neither_keyboard_nor_mouse(testbed, run_counter):
    testbed.plug(inputbed.SENSOR)
    pad = testbed.plug(inputbed.GAME_PAD)
    counter = run_counter()
    assert counter.line().state == "none"
    pad.press(0x130)
    assert counter.is_silent(1.5)


def test_events_that_the_kernel_dropped_begin_a_new_run(keyboard, run_counter):
    counter = run_counter()
    keyboard.press(KEY_A, times=5)
    before = counter.until(lambda line: line.totals[0])
    keyboard.tell((KEY, KEY_A, 1), (SYN, SYN_DROPPED, 0), (KEY, KEY_A, 0))
    keyboard.press(KEY_A, times=2)
    after = counter.line()
    assert after.run != before.run
    assert after.totals == (2, 0, 0)


def test_an_unplugged_keyboard_begins_a_new_run_and_the_rest_goes_on(testbed, run_counter):
    gone, stays = testbed.plug(inputbed.KEYBOARD), testbed.plug(inputbed.KEYBOARD)
    counter = run_counter()
    before = counter.line()
    gone.unplug()
    after = counter.line()
    assert (after.run != before.run, after.state) == (True, "ok")
    stays.press(KEY_A, times=3)
    assert counter.line().totals == (3, 0, 0)
    stays.unplug()
    assert counter.line().state == "none"


def test_a_keyboard_that_is_plugged_in_is_counted_from_a_new_run_on(keyboard, testbed, run_counter):
    counter = run_counter()
    before = counter.line()
    second = testbed.plug(inputbed.KEYBOARD)
    after = counter.line()
    assert after.run != before.run
    second.press(KEY_A, times=4)
    keyboard.press(KEY_A, times=1)
    assert counter.until(lambda line: line.totals[0] == 5).run == after.run


def test_a_keyboard_that_takes_the_name_of_an_unplugged_one_is_counted(keyboard, testbed, run_counter):
    counter = run_counter()
    counter.line()
    other = keyboard.replace()
    other.press(KEY_A, times=4)
    assert counter.until(lambda line: line.totals[0]).totals == (4, 0, 0)


def test_what_a_touchpad_does_makes_the_state_say_so(testbed, keyboard, run_counter):
    pad = testbed.plug(inputbed.TOUCHPAD)
    counter = run_counter()
    keyboard.press(KEY_A)
    assert counter.until(lambda line: line.totals[0]).state == "ok"
    pad.press(BTN_TOUCH)
    assert counter.line().state == "touch"


def test_without_the_right_the_state_is_denied_until_it_is_given(keyboard, run_counter):
    keyboard.path.chmod(0)
    without_root = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    counter = run_counter(*without_root if os.getuid() == 0 else ())
    before = counter.line()
    assert before.state == "denied"
    keyboard.path.chmod(0o400)
    after = counter.line()
    assert (after.run != before.run, after.state) == (True, "ok")
    keyboard.press(KEY_A)
    assert counter.line().totals == (1, 0, 0)


def test_a_user_who_is_not_named_is_told_nothing(keyboard, run_counter):
    counter = run_counter(user=os.getuid() + 1)
    assert counter.socket.recv(1) == b""
    assert counter.process.wait(timeout=5) == 1
    assert b"may not ask" in counter.process.stderr.read()


def test_it_ends_when_the_other_side_is_gone(keyboard, run_counter):
    counter = run_counter()
    counter.line()
    assert counter.close() == 0


def test_it_tells_at_most_once_a_second_and_sleeps_while_nothing_happens(keyboard, run_counter):
    counter = run_counter()
    counter.line()
    told = []
    end = time.monotonic() + 2.5
    counter.socket.settimeout(0.05)
    while time.monotonic() < end:
        keyboard.press(KEY_A)
        try:
            counter.line()
        except TimeoutError:
            continue
        told.append(time.monotonic())
    assert 1 < len(told) < 5
    counter.socket.settimeout(5)
    counter.is_silent(1.2)
    before = switches(counter.process.pid)
    time.sleep(3)
    assert switches(counter.process.pid) == before


def switches(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return sum(map(int, re.findall(r"ctxt_switches:\s+(\d+)", status)))


def test_it_has_no_more_lines_than_an_administrator_will_read():
    assert len(PROGRAM.read_text().splitlines()) < 150
