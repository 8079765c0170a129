{# The expression holds in every row; a null result counts as broken, so say what a null means. #}
{% test expression_is_true(model, expression, where_rows='true') %}

select *
from {{ model }}
where {{ where_rows }}
    and coalesce(not ({{ expression }}), true)

{% endtest %}
