{# Within one code no two validity periods share a day; both ends are inclusive, a missing end is open. #}
{% test seed_periods_disjoint(model, code_column) %}

with ordered as (
    select
        {{ code_column }},
        valid_from,
        valid_to,
        lead(valid_from) over (partition by {{ code_column }} order by valid_from) as next_valid_from,
    from {{ model }}
)

select *
from ordered
where valid_to < valid_from
    or next_valid_from <= coalesce(valid_to, date '9999-12-31')

{% endtest %}
