"""A week as one page that needs nothing else: to read, to print, to keep."""
