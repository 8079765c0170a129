{# Several columns of one table never hold null; one query where many tests would each cost a start. #}
{% test columns_not_null(model, columns) %}

{% for column in columns %}
select
    '{{ column }}' as column_name,
    count(*) as null_count,
from {{ model }}
where {{ column }} is null
having count(*) > 0
{% if not loop.last %}union all{% endif %}
{% endfor %}

{% endtest %}
