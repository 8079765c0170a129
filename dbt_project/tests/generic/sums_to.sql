{# Within each group the column sums to the total, up to a tolerance for rounded decimals. #}
{% test sums_to(model, column_name, group_by, total=1, tolerance=0.000001) %}

select
    {{ group_by | join(', ') }},
    sum({{ column_name }}) as found_total,
from {{ model }}
group by {{ group_by | join(', ') }}
having abs(sum({{ column_name }}) - {{ total }}) > {{ tolerance }}

{% endtest %}
