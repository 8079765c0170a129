"""Matching: statements and the catalog to facts, unmatched labels and rejects.

The only stage that knows indicators and administrative units, and only from data/seeds.
"""
