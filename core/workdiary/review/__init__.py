"""The client's answer to an export: approved, or disputed with reasons, as a signed file."""
