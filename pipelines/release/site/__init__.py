"""The released pages: static, offline, Vietnamese first, made from the release's own database alone.

What belongs here: queries for pages, drawings, wording, templates and their assets. What does not: any
decision about figures (dbt's), any file that programs read (the rest of the release).
"""
