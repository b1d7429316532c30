"""From the journal to the backends: one thread and one durable cursor for each, nothing lost, nothing blocked."""
