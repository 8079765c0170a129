{# Key of an administrative unit: codes are reused after mergers, so a code alone names nothing. #}
{% macro admin_unit_key(code_column, valid_from_column) -%}
    cast({{ code_column }} as varchar) || '@' || cast(cast({{ valid_from_column }} as date) as varchar)
{%- endmacro %}
