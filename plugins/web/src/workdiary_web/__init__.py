"""The work diary in the browser."""
