"""Extraction: blocks to statements, by the language of the reports and nothing else.

The grammar is kept one module a subject: numbers, periods, kinds, places, clauses, tables.
No module here knows the list of indicators or of administrative units.
"""
