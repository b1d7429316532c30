"""The append-only, signed journal. Nothing else writes."""
