"""The running tracker: one process, one loop, one writer."""
