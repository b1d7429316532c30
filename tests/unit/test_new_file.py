"""A file that is written for somebody else is its owner's alone until it is given away."""

from __future__ import annotations

import os

import pytest

from workdiary.desk.proofs import new_file
from workdiary.errors import WorkdiaryError


def test_a_new_file_is_private_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        with new_file(tmp_path / "week.zip") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "week.zip").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_through_what_others_put_beside_it(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "week.zip.part").symlink_to(victim)
    with new_file(tmp_path / "week.zip") as file:
        file.write(b"x")
    assert (victim.read_text(), (tmp_path / "week.zip").read_bytes()) == ("mine", b"x")


def test_a_half_file_is_never_left(tmp_path):
    def fail():
        with new_file(tmp_path / "week.zip") as file:
            file.write(b"x")
            raise WorkdiaryError("cut short")

    with pytest.raises(WorkdiaryError, match="cut short"):
        fail()
    assert list(tmp_path.iterdir()) == []
