{#
    Who held the place of a cell when. The place changes hands when a better vintage arrives and when the
    holder's document is withdrawn; after that a worse one may hold it again.

    Where nothing was withdrawn the vintages in order of priority tell it all: a vintage holds from its
    arrival until the first arrival of a better one, and never if a better one was there before. Only the
    few cells that lost a document need the longer way, moment by moment.
#}

{# First arrival of a better vintage, as a window expression over the vintages of a cell in order of priority. #}
{% macro better_known_from(window) -%}
    min(known_from) over (
        {{ window }}
        rows between unbounded preceding and 1 preceding
    )
{%- endmacro %}

{#
    A chain of CTEs that ends in held_periods. The caller defines before:

    disturbed  cell columns, the id column, priority_rank (null: does not compete), known_from, withdrawn_at;
               all vintages of the cells in which some document was withdrawn

    held_periods: cell columns, held_from, held_to (null while it lasts), holder_id (null: nobody left)
#}
{% macro held_periods(id_column, cell_columns) %}
{% set cell = cell_columns | join(', ') %}
contenders as (

    select
        {{ cell }},
        {{ id_column }},
        priority_rank,
        known_from,
        withdrawn_at,
    from disturbed
    where priority_rank is not null

),

moments as (

    select {{ cell }}, known_from as moment
    from contenders

    union

    select {{ cell }}, withdrawn_at as moment
    from contenders
    where withdrawn_at is not null

),

holders as (

    select
        {% for column in cell_columns %}
        moments.{{ column }},
        {% endfor %}
        moments.moment,
        arg_min(contenders.{{ id_column }}, contenders.priority_rank) filter (
            where contenders.known_from <= moments.moment
                and (contenders.withdrawn_at is null or contenders.withdrawn_at > moments.moment)
        ) as holder_id,
    from moments
    inner join contenders
        on {% for column in cell_columns -%}
        moments.{{ column }} = contenders.{{ column }}
        {%- if not loop.last %}
        and {% endif %}
        {%- endfor %}
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
    When a vintage of a disturbed cell lost its place for the last time, as a CTE places(holder_id, lost_at)
    on held_periods; lost_at is null while it holds the place. A vintage that never held it has no row.
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

{#
    End of a vintage: the loss of its place, else the withdrawal of its document. ranked carries better_known_from
    and is_disturbed, places the losses of the disturbed cells.
#}
{% macro known_to() -%}
    case
        when not ranked.is_disturbed
            then if(ranked.better_known_from > ranked.known_from, ranked.better_known_from, null)
        when places.lost_at is not null then places.lost_at
        when places.holder_id is null and ranked.withdrawn_at > ranked.known_from then ranked.withdrawn_at
    end
{%- endmacro %}
