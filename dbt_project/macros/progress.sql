{#
    Progress of an observation towards a target. Each macro returns one SQL expression.
    sign is +1 where more is better and -1 where less is better. base (base_value, base_year) is where
    the unit started, latest (latest_value, latest_year) where it is, target (target_value, target_year)
    where it wants to be.
#}

{# +1, -1, or null where the catalog gives no direction: there is no default. #}
{% macro direction_sign(direction) -%}
    case {{ direction }} when 'higher_is_better' then 1 when 'lower_is_better' then -1 end
{%- endmacro %}

{#
    Does the value satisfy the target as it is worded? "=" and an approximate wording mean "at least"
    where more is better and "at most" where less is better; a bound means what it says and no more.
#}
{% macro comparator_holds(value, comparator, is_approximate, target_value, sign) -%}
    case
        when {{ comparator }} = '=' or {{ is_approximate }}
            then {{ sign }} * ({{ value }} - {{ target_value }}) >= 0
        when {{ comparator }} = '>' then {{ value }} > {{ target_value }}
        when {{ comparator }} = '>=' then {{ value }} >= {{ target_value }}
        when {{ comparator }} = '<' then {{ value }} < {{ target_value }}
        when {{ comparator }} = '<=' then {{ value }} <= {{ target_value }}
    end
{%- endmacro %}

{#
    Yearly growth reached / yearly growth needed (Eurostat 2021, as Open SDG uses it).
    Null where growth from the base says nothing: base of 0 or below floor_share of the target,
    target of 0, base equal to target, or not two different years.
#}
{% macro cagr_ratio(sign, base_value, base_year, latest_value, latest_year, target_value, target_year, floor_share) -%}
    case
        when {{ base_value }} > 0
            and {{ target_value }} > 0
            and {{ latest_value }} >= 0
            and {{ base_value }} >= {{ floor_share }} * {{ target_value }}
            and {{ base_value }} <> {{ target_value }}
            and {{ latest_year }} > {{ base_year }}
            and {{ target_year }} > {{ base_year }}
            then round(
                {{ sign }}
                * (pow({{ latest_value }} / {{ base_value }}, 1.0 / ({{ latest_year }} - {{ base_year }})) - 1)
                / abs(pow({{ target_value }} / {{ base_value }}, 1.0 / ({{ target_year }} - {{ base_year }})) - 1),
                6
            )
    end
{%- endmacro %}

{#
    Yearly change reached / yearly change needed. The sign cancels out. Null where base equals target
    or there are not two different years.
#}
{% macro linear_pace_ratio(base_value, base_year, latest_value, latest_year, target_value, target_year) -%}
    case
        when {{ base_value }} <> {{ target_value }}
            and {{ latest_year }} > {{ base_year }}
            and {{ target_year }} > {{ base_year }}
            then round(
                (({{ latest_value }} - {{ base_value }}) / ({{ latest_year }} - {{ base_year }}))
                / (({{ target_value }} - {{ base_value }}) / ({{ target_year }} - {{ base_year }})),
                6
            )
    end
{%- endmacro %}

{# Value / planned value of the same year, inverted where less is better. Null where it would divide by 0. #}
{% macro trajectory_ratio(sign, latest_value, planned_value) -%}
    case
        when {{ sign }} = 1 then round({{ latest_value }} / nullif({{ planned_value }}, 0), 6)
        when {{ sign }} = -1 then round({{ planned_value }} / nullif({{ latest_value }}, 0), 6)
    end
{%- endmacro %}
