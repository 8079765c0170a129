-- What is known on the last day is what the marts show: the past is computed by the rules of the present.
-- depends_on: {{ ref('as_of') }}
with

marts as (

    {% for level in ['province', 'district', 'commune'] %}
    select
        admin_unit_code,
        admin_unit_name,
        '{{ level }}' as level,
        indicator_code,
        year,
        actual_value,
        target_value,
    from {{ ref('mart_' ~ level ~ '_indicator_yearly') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

known as (

    select * from {{ ref('as_of') }}(date '9999-12-31')

)

(select * from marts except all select * from known)
union all
(select * from known except all select * from marts)
