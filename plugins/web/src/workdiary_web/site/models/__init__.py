"""What the pages show, as plain values: pure functions of the diary, without Django."""
