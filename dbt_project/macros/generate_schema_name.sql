{# Schemas carry exactly the name of their layer: staging, intermediate, marts, reference. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name is not none else target.schema }}
{%- endmacro %}
