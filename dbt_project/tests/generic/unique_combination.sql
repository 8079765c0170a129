{# No two rows share the same values in these columns; nulls count as equal. #}
{% test unique_combination(model, combination) %}

select
    {{ combination | join(', ') }},
    count(*) as row_count,
from {{ model }}
group by all
having count(*) > 1

{% endtest %}
