{# Every (code, valid_from) pair names a row of the administrative units: codes are reused, so a code
   alone proves nothing. A row without a code is passed over; a code without a date is an error, unless
   where_rows leaves it out. #}
{% test seed_unit_exists(model, code_column, valid_from_column, to, where_rows='true') %}

with referring as (
    select distinct
        {{ code_column }} as admin_unit_code,
        {{ valid_from_column }} as valid_from,
    from {{ model }}
    where {{ code_column }} is not null
        and {{ where_rows }}
)

select referring.*
from referring
left join {{ to }} as unit
    on unit.admin_unit_code = referring.admin_unit_code
    and unit.valid_from = referring.valid_from
where unit.admin_unit_code is null

{% endtest %}
