"""From ticks to sealed segments."""
