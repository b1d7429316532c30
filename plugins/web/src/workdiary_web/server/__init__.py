"""The process that serves the pages: one per home, while somebody looks.

Why it is made so: docs/adr/0009-a-gate-before-the-pages.md.
"""
