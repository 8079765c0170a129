with

facts as (

    select *
    from {{ ref('stg_facts') }}
    where kind = 'target'
        and year is not null

),

documents as (

    select * from {{ ref('stg_documents') }}

),

corrections as (

    select * from {{ ref('int_correction') }}

),

national_targets as (

    select * from {{ ref('stg_national_targets') }}

),

indicators as (

    select * from {{ ref('stg_indicators') }}

),

countries as (

    select * from {{ ref('int_admin_unit') }} where level = 'country'

),

stated as (

    select
        facts.fact_id as target_id,
        facts.fact_id,
        facts.document_id,
        documents.document_number,
        facts.admin_unit_key,
        facts.admin_unit_code,
        facts.admin_unit_level,
        facts.indicator_code,
        facts.year,
        facts.value,
        facts.value_max,
        facts.unit,
        facts.comparator,
        facts.is_approximate,
        if(documents.admin_unit_key = facts.admin_unit_key, 'own_document', 'other_document') as target_source,
        cast(null as varchar) as applies_to_levels,
        true as is_confirmed,
        documents.issued_on,
        documents.received_at as known_from,
        facts.confidence,
        facts.is_headline,
        facts.block_no,
        facts.char_start,
        facts.quote,
    from facts
    inner join documents on facts.document_id = documents.document_id

),

corrected as (

    select
        stated.* exclude (target_id, value, value_max, target_source, issued_on, known_from),
        'correction:' || corrections.correction_id as target_id,
        corrections.right_value as value,
        cast(null as double) as value_max,
        'correction' as target_source,
        stated.issued_on,
        greatest(cast(corrections.corrected_on as timestamp), stated.known_from) as known_from,
    from corrections
    inner join stated on corrections.fact_id = stated.fact_id
    where corrections.correction_status = 'applied'

),

national as (

    select
        'national:' || coalesce(national_targets.document_number, national_targets.document_title)
        || ':' || national_targets.indicator_code
        || ':' || national_targets.year as target_id,
        cast(null as varchar) as fact_id,
        cast(null as varchar) as document_id,
        national_targets.document_number,
        countries.admin_unit_key,
        countries.admin_unit_code,
        countries.level as admin_unit_level,
        national_targets.indicator_code,
        national_targets.year,
        national_targets.value,
        cast(null as double) as value_max,
        indicators.unit,
        national_targets.comparator,
        false as is_approximate,
        'catalog' as target_source,
        national_targets.applies_to_levels,
        national_targets.is_confirmed,
        national_targets.issued_on,
        -- A year plan without a date counts as known from the first day of its year.
        cast(coalesce(national_targets.issued_on, make_date(national_targets.year, 1, 1)) as timestamp) as known_from,
        cast(1 as double) as confidence,
        true as is_headline,
        cast(null as integer) as block_no,
        cast(null as integer) as char_start,
        national_targets.document_title as quote,
    from national_targets
    inner join indicators on national_targets.indicator_code = indicators.indicator_code
    cross join countries

),

vintages as (

    select * from stated where is_headline
    union all by name
    select * from corrected
    union all by name
    select * from national

),

{# The later document of the unit itself decides; inside one document the surer and earlier passage. #}
ranked as (

    select
        *,
        row_number() over (
            partition by admin_unit_key, indicator_code, year
            order by
                case target_source
                    when 'catalog' then 1
                    when 'correction' then 2
                    when 'own_document' then 3
                    else 4
                end,
                issued_on desc nulls last,
                known_from desc,
                confidence desc,
                document_id,
                block_no,
                char_start,
                target_id
        )::integer as priority_rank,
    from vintages

),

successions as (

    select
        ranked.target_id,
        min(better.known_from) as first_better_known_from,
    from ranked
    inner join ranked as better
        on ranked.admin_unit_key = better.admin_unit_key
        and ranked.indicator_code = better.indicator_code
        and ranked.year = better.year
        and better.priority_rank < ranked.priority_rank
    group by ranked.target_id

)

select
    ranked.target_id,
    ranked.fact_id,
    ranked.document_id,
    ranked.document_number,
    ranked.admin_unit_key,
    ranked.admin_unit_code,
    ranked.admin_unit_level,
    ranked.indicator_code,
    ranked.year,
    ranked.value,
    ranked.value_max,
    ranked.unit,
    ranked.comparator,
    ranked.is_approximate,
    ranked.target_source,
    ranked.applies_to_levels,
    ranked.is_confirmed,
    ranked.issued_on as published_on,
    ranked.known_from,
    case
        when successions.first_better_known_from > ranked.known_from then successions.first_better_known_from
    end as known_to,
    ranked.priority_rank = 1 as is_current,
    ranked.priority_rank,
    ranked.quote,
from ranked
left join successions on ranked.target_id = successions.target_id
order by ranked.admin_unit_key, ranked.indicator_code, ranked.year, ranked.priority_rank
