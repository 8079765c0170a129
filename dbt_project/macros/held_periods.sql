{#
    Who held the place of a cell when, as a chain of CTEs that ends in held_periods. The place changes
    hands when a better vintage arrives and when the holder's document is withdrawn; after that a worse
    one may hold it again. The caller defines before:

    ranked  cell columns, the id column, priority_rank (null: does not compete), known_from, withdrawn_at

    held_periods: cell columns, held_from, held_to (null while it lasts), holder_id (null: nobody left)
#}
{% macro held_periods(id_column, cell_columns) %}
{% set cell = cell_columns | join(', ') %}
moments as (

    select {{ cell }}, known_from as moment
    from ranked
    where priority_rank is not null

    union

    select {{ cell }}, withdrawn_at as moment
    from ranked
    where priority_rank is not null
        and withdrawn_at is not null

),

holders as (

    select
        {% for column in cell_columns %}
        moments.{{ column }},
        {% endfor %}
        moments.moment,
        arg_min(ranked.{{ id_column }}, ranked.priority_rank) as holder_id,
    from moments
    left join ranked
        on {% for column in cell_columns %}moments.{{ column }} = ranked.{{ column }} and {% endfor %}
        ranked.priority_rank is not null
        and ranked.known_from <= moments.moment
        and (ranked.withdrawn_at is null or ranked.withdrawn_at > moments.moment)
    group by all

),

held_periods as (

    select
        {{ cell }},
        moment as held_from,
        lead(moment) over (partition by {{ cell }} order by moment) as held_to,
        holder_id,
    from holders

)
{% endmacro %}

{#
    When a vintage lost its place for the last time, as a CTE places(holder_id, lost_at) on held_periods;
    lost_at is null while it holds the place. A vintage that never held it has no row.
#}
{% macro places_lost() %}
places as (

    select
        holder_id,
        if(bool_or(held_to is null), null, max(held_to)) as lost_at,
    from held_periods
    where holder_id is not null
    group by holder_id

)
{% endmacro %}

{# End of a vintage: the loss of its place, else the withdrawal of its document. #}
{% macro known_to() -%}
    case
        when places.lost_at is not null then places.lost_at
        when places.holder_id is null and ranked.withdrawn_at > ranked.known_from then ranked.withdrawn_at
    end
{%- endmacro %}
