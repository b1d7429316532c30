"""What is always there, registered like anyone's plugin and asked last."""

BUILTIN = ("workdiary.builtin.rules", "workdiary.builtin.directory", "workdiary.builtin.null_sources")
