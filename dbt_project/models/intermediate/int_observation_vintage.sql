{# A rule value is a whole number and the smaller one wins; what is unknown comes last. #}
{% set unknown_last = 9000000000000000000 %}
{% set rule_values = {
    'correction': 'if(correction_id is null, 1, 0)',
    'own_document': 'if(is_own_document, 0, 1)',
    'kind_final': "case
            when kind = 'baseline' then 5
            when obs_status = 'V' then 4
            when kind = 'estimate' or obs_status = 'E' then 3
            when obs_status = 'P' then 2
            else 1
        end",
    'later_as_of': 'coalesce(-epoch(speaks_of)::bigint, ' ~ unknown_last ~ ')',
    'later_issue': 'coalesce(-epoch(published_on)::bigint, ' ~ unknown_last ~ ')',
    'later_receipt': 'coalesce(-epoch_us(known_from), ' ~ unknown_last ~ ')',
    'document_order': 'document_no',
} %}

with

facts as (

    select * from {{ ref('stg_facts') }}

),

documents as (

    select
        *,
        row_number() over (order by document_id) as document_no,
    from {{ ref('stg_documents') }}

),

corrections as (

    select * from {{ ref('int_correction') }}

),

{# The catalog says in which order the rules are asked. #}
rules as (

    select list(rule_code order by rule_order) as rule_codes
    from {{ ref('stg_priority_rules') }}

),

observations as (

    select
        facts.fact_id,
        facts.document_id,
        facts.admin_unit_key,
        facts.admin_unit_code,
        facts.admin_unit_level,
        facts.indicator_code,
        facts.year,
        facts.kind,
        facts.obs_status,
        facts.value,
        facts.value_max,
        facts.unit,
        facts.comparator,
        facts.is_approximate,
        facts.numerator,
        facts.denominator,
        facts.as_of,
        facts.confidence,
        facts.is_headline,
        facts.block_no,
        facts.char_start,
        documents.document_no,
        coalesce(documents.admin_unit_key = facts.admin_unit_key, false) as is_own_document,
        documents.issued_on,
        documents.received_at,
        documents.withdrawn_at,
    from facts
    inner join documents on facts.document_id = documents.document_id
    where facts.kind in ('actual', 'estimate', 'baseline')
        and facts.year is not null

),

as_read as (

    select
        fact_id as vintage_id,
        cast(null as varchar) as correction_id,
        cast(null as varchar) as correction_status,
        observations.* exclude (obs_status, received_at, issued_on),
        obs_status,
        received_at,
        received_at as known_from,
        issued_on as published_on,
    from observations
    where is_headline

),

{# A person has looked at a corrected figure, so it no longer counts as unvalidated. #}
corrected as (

    select
        'correction:' || corrections.correction_id as vintage_id,
        corrections.correction_id,
        corrections.correction_status,
        observations.* exclude (value, value_max, numerator, denominator, obs_status, received_at, issued_on),
        corrections.right_value as value,
        cast(null as double) as value_max,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        case
            when observations.obs_status <> 'V' then observations.obs_status
            when observations.kind = 'estimate' then 'E'
            else 'A'
        end as obs_status,
        observations.received_at,
        greatest(cast(corrections.corrected_on as timestamp), observations.received_at) as known_from,
        corrections.corrected_on as published_on,
    from corrections
    inner join observations on corrections.fact_id = observations.fact_id

),

vintages as (

    select * from as_read
    union all by name
    select * from corrected

),

competing as (

    select
        *,
        -- A figure without a date speaks of the day it was issued, or of its year's end if that came first.
        coalesce(
            as_of,
            case
                when published_on <= make_date(year, 12, 31) then published_on
                when published_on > make_date(year, 12, 31) then make_date(year, 12, 31)
            end
        ) as speaks_of,
    from vintages
    where correction_status is null or correction_status = 'applied'

),

valued as (

    select
        competing.*,
        rules.rule_codes,
        {% for rule, value in rule_values.items() %}
        {{ value }} as value_of_{{ rule }},
        {% endfor %}
    from competing
    cross join rules

),

asked as (

    select
        * exclude (rule_codes),
        {% for n in range(1, rule_values | length + 1) %}
        case rule_codes[{{ n }}]
            {% for rule in rule_values %}
            when '{{ rule }}' then value_of_{{ rule }}
            {% endfor %}
        end::bigint as rule_{{ n }},
        {% endfor %}
    from valued

),

prioritised as (

    select
        *,
        row_number() over in_order as priority_rank,
        -- Figures of withdrawn documents keep their rank for the past, but stand no longer.
        sum(if(withdrawn_at is null, 1, 0)) over (
            in_order rows between unbounded preceding and current row
        ) as standing_count,
        {{ better_known_from('in_order') }} as better_known_from,
    from asked
    window in_order as (
        partition by admin_unit_key, indicator_code, year
        order by
            {% for n in range(1, rule_values | length + 1) %}
            rule_{{ n }},
            {% endfor %}
            block_no,
            char_start,
            vintage_id
    )

),

{# Cells that lost a document. #}
disturbed_cells as (

    select distinct admin_unit_key, indicator_code, year
    from competing
    where withdrawn_at is not null

),

ranked as (

    select
        prioritised.*,
        if(withdrawn_at is null, standing_count, null) as standing_rank,
        disturbed_cells.year is not null as is_disturbed,
    from prioritised
    left join disturbed_cells
        on prioritised.admin_unit_key = disturbed_cells.admin_unit_key
        and prioritised.indicator_code = disturbed_cells.indicator_code
        and prioritised.year = disturbed_cells.year

    union all by name

    {# An expired correction is a record and competes with nobody. #}
    select
        *,
        true as is_disturbed,
    from vintages
    where correction_status <> 'applied'

),

disturbed as (

    select * from ranked where is_disturbed

),

{{ held_periods('vintage_id', ['admin_unit_key', 'indicator_code', 'year']) }},

{{ places_lost() }}

select
    ranked.vintage_id,
    ranked.fact_id,
    ranked.correction_id,
    ranked.correction_status,
    ranked.document_id,
    ranked.admin_unit_key,
    ranked.admin_unit_code,
    ranked.admin_unit_level,
    ranked.indicator_code,
    ranked.year,
    ranked.kind,
    ranked.obs_status,
    ranked.value,
    ranked.value_max,
    ranked.unit,
    ranked.comparator,
    ranked.is_approximate,
    ranked.numerator,
    ranked.denominator,
    ranked.as_of,
    ranked.published_on,
    ranked.known_from,
    {{ known_to() }} as known_to,
    ranked.withdrawn_at,
    ranked.is_own_document,
    coalesce(ranked.standing_rank = 1, false) as is_current,
    ranked.standing_rank::integer as standing_rank,
    ranked.priority_rank::integer as priority_rank,
    [
        {% for n in range(1, rule_values | length + 1) %}
        ranked.rule_{{ n }},
        {% endfor %}
    ] as rule_values,
    ranked.confidence,
from ranked
left join places on ranked.vintage_id = places.holder_id
