"""Contracts of the tables that Python writes: one module a raw table, each a pandera polars model.

``closed_lists`` and ``reasons`` hold the closed lists the models check against; they import
nothing, so that the stages can use them without paying for pandera.
``frames`` derives polars and DuckDB types from the models and validates frames.
"""
