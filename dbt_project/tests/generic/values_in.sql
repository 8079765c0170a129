{# Several coded columns of one table hold only values of their closed lists; null is allowed. #}
{% test values_in(model, closed_lists) %}

{% for column, allowed in closed_lists.items() %}
select
    '{{ column }}' as column_name,
    {{ column }} as found_value,
    count(*) as row_count,
from {{ model }}
where {{ column }} not in (
    {%- for value in allowed %}'{{ value }}'{% if not loop.last %}, {% endif %}{% endfor -%}
)
group by all
{% if not loop.last %}union all{% endif %}
{% endfor %}

{% endtest %}
