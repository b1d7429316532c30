"""Pictures are those of the reference tool, pixel for pixel, however the outputs lie."""

from __future__ import annotations

import subprocess
import sys

import pytest

import workdiary_wayland
from workdiary.payloads import Rect, Unknown
from workdiary_wayland import pixels


def reference(desktop, output="HEADLESS-1"):
    """Return width, height and B G R rows of what grim sees."""
    data = desktop.run("grim", "-t", "ppm", "-o", output, "-")
    _, size, _, rest = data.split(b"\n", 3)
    width, height = map(int, size.split())
    return width, height, swapped(rest)


def swapped(rgb):
    found = bytearray(rgb)
    found[0::3], found[2::3] = rgb[2::3], rgb[0::3]
    return bytes(found)


def without_padding(frame):
    """Return the pixels without their fourth byte."""
    found = bytearray(len(frame.pixels) // 4 * 3)
    for part in range(3):
        found[part::3] = frame.pixels[part::4]
    return bytes(found)


def same(desktop, hooks, output="HEADLESS-1", number=0):
    """Compare with grim; a terminal may still be drawing the first time."""
    for _ in range(20):
        frame = hooks.grab()[number]
        width, height, wanted = reference(desktop, output)
        if (frame.width, frame.height, without_padding(frame)) == (width, height, wanted):
            return frame
    raise AssertionError(f"{(frame.width, frame.height)} is not {(width, height)}, or the pixels differ")


def test_it_is_what_grim_sees(desktop, hooks):
    desktop.open_window("Something", colour="123456")
    frame = same(desktop, hooks)
    assert frame.rect == Rect(x=0, y=0, width=1280, height=720)
    assert len(set(frame.pixels)) > 3, "there is something in it"


@pytest.mark.parametrize(
    "transform", ["90", "180", "270", "flipped", "flipped-90", "flipped-180", "flipped-270", "normal"]
)
def test_a_turned_output_is_upright(own_desktop, start, transform):
    own_desktop.open_window("Corner", colour="704020")
    own_desktop.swaymsg("output", "HEADLESS-1", "transform", transform)
    frame = same(own_desktop, start())
    turned = transform.endswith(("90", "270"))
    assert (frame.rect.width, frame.rect.height) == ((400, 640) if turned else (640, 400))


def test_a_compositor_that_hangs_costs_a_picture_and_not_the_time(own_desktop, start, monkeypatch):
    monkeypatch.setattr("workdiary_wayland.wire.PATIENCE", 0.3)
    hooks = start()
    own_desktop.stop_compositor()
    found = hooks.grab()
    own_desktop.close()
    assert isinstance(found, Unknown)


def test_the_portable_grabber_sees_nothing_here(desktop, hooks):
    """The control: where a native grabber is missing, no picture is better than a black one."""
    mss = pytest.importorskip("workdiary_mss")
    assert isinstance(mss.workdiary_grab_screen(None), Unknown)
    assert not isinstance(hooks.grab(), Unknown)


def test_other_orders_of_colours_and_padded_rows_come_out_right():
    row = bytes([1, 2, 3, 0, 4, 5, 6, 0]) + b"pad!"
    data = row + bytes([7, 8, 9, 0, 10, 11, 12, 0]) + b"pad!"
    assert pixels.tight(data, 2, 2, 12, upside_down=False) == bytes([1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 10, 11, 12, 0])
    assert pixels.tight(data, 2, 2, 12, upside_down=True)[:3] == bytes([7, 8, 9])
    assert pixels.as_bgrx(row[:8], 0x34324258) == bytes([3, 2, 1, 0, 6, 5, 4, 0])
    assert pixels.as_bgrx(row[:8], 1) == row[:8]
    assert pixels.as_bgrx(row[:8], 0x30335258) is None


def test_a_picture_is_made_without_a_library_of_pixels(desktop):
    """The tracker's own process never pays for it: nothing but the standard library is imported."""
    code = (
        "import sys; import workdiary_wayland as w; "
        "assert 'workdiary_wayland.screencopy' not in sys.modules; "
        "w.workdiary_grab_screen(None); "
        "assert not {'PIL', 'numpy', 'cffi', 'pywayland'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], env=desktop.env(), check=True, timeout=30)
    assert workdiary_wayland.workdiary_checks()[-1].ok


def test_scaled_and_turned_outputs_side_by_side_come_in_their_own_pixels(own_desktop, start):
    own_desktop.swaymsg("create_output")
    for words in (
        "HEADLESS-2 resolution 800x600",
        "HEADLESS-2 position 640 0",
        "HEADLESS-2 scale 1.25",
        "HEADLESS-2 transform 90",
        "HEADLESS-1 scale 2",
    ):
        own_desktop.swaymsg("output", *words.split())
    own_desktop.open_window("Sharp", colour="207040")
    hooks = start()
    first, second = same(own_desktop, hooks), same(own_desktop, hooks, "HEADLESS-2", 1)
    assert (first.width, first.height, first.rect) == (640, 400, Rect(x=0, y=0, width=320, height=200))
    assert (second.width, second.height, second.rect) == (600, 800, Rect(x=640, y=0, width=480, height=640))
