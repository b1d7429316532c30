"""The process that serves the pages: one per home, while somebody looks.

Why it is made so: docs/adr/0008-a-gate-before-the-pages.md.
"""
