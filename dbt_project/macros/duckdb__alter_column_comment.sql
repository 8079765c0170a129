{# DuckLake keeps comments of tables, of their columns and of views, but none of the columns of a view. #}
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {% if not (relation.is_view and adapter.is_ducklake(relation)) %}
        {{ dbt.duckdb__alter_column_comment(relation, column_dict) }}
    {% endif %}
{% endmacro %}
