"""The warehouse: loading raw.* and reading back what earlier nights stored.

The only Python that writes the DuckDB file. Transformation is dbt's; publishing is release's.
"""
