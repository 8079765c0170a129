{# A rule value is a whole number and the smaller one wins; what is unknown comes last. #}
{% set unknown_last = 9000000000000000000 %}

with

facts as (

    select * from {{ ref('stg_facts') }}

),

documents as (

    select * from {{ ref('stg_documents') }}

),

corrections as (

    select * from {{ ref('int_correction') }}

),

rules as (

    select * from {{ ref('stg_priority_rules') }}

),

observations as (

    select
        facts.*,
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

rule_values as (

    select
        vintage_id,
        unnest([
            {
                'rule_code': 'correction',
                'rule_value': if(correction_id is null, 1, 0)::bigint
            },
            {
                'rule_code': 'own_document',
                'rule_value': if(is_own_document, 0, 1)::bigint
            },
            {
                'rule_code': 'kind_final',
                'rule_value': case
                    when kind = 'baseline' then 5
                    when obs_status = 'V' then 4
                    when kind = 'estimate' or obs_status = 'E' then 3
                    when obs_status = 'P' then 2
                    else 1
                end::bigint
            },
            {
                'rule_code': 'later_as_of',
                'rule_value': coalesce(-epoch(speaks_of)::bigint, {{ unknown_last }})
            },
            {
                'rule_code': 'later_issue',
                'rule_value': coalesce(-epoch(published_on)::bigint, {{ unknown_last }})
            },
            {
                'rule_code': 'later_receipt',
                'rule_value': coalesce(-epoch_us(known_from)::bigint, {{ unknown_last }})
            },
            {
                'rule_code': 'document_order',
                'rule_value': row_number() over (
                    order by document_id, block_no, char_start, vintage_id
                )::bigint
            }
        ], recursive := true),
    from competing

),

{# The catalog says in which order the rules are asked. #}
priorities as (

    select
        rule_values.vintage_id,
        list(rule_values.rule_value order by rules.rule_order) as rule_values,
        list(rule_values.rule_code order by rules.rule_order) as rule_codes,
    from rule_values
    inner join rules on rule_values.rule_code = rules.rule_code
    group by rule_values.vintage_id

),

prioritised as (

    select
        vintages.*,
        priorities.rule_values,
        priorities.rule_codes,
        case
            when priorities.vintage_id is not null
                then row_number() over (
                    partition by
                        vintages.admin_unit_key,
                        vintages.indicator_code,
                        vintages.year,
                        priorities.vintage_id is not null
                    order by priorities.rule_values, vintages.vintage_id
                )::integer
        end as priority_rank,
    from vintages
    left join priorities on vintages.vintage_id = priorities.vintage_id

),

{# Figures of withdrawn documents keep their rank for the past, but stand no longer. #}
ranked as (

    select
        *,
        case
            when priority_rank is not null and withdrawn_at is null
                then row_number() over (
                    partition by
                        admin_unit_key,
                        indicator_code,
                        year,
                        priority_rank is not null and withdrawn_at is null
                    order by priority_rank
                )::integer
        end as standing_rank,
    from prioritised

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
    ranked.standing_rank,
    ranked.priority_rank,
    ranked.rule_values,
    ranked.rule_codes,
    ranked.confidence,
    ranked.label,
    ranked.quote,
from ranked
left join places on ranked.vintage_id = places.holder_id
order by
    ranked.admin_unit_key,
    ranked.indicator_code,
    ranked.year,
    ranked.priority_rank nulls last,
    ranked.vintage_id
