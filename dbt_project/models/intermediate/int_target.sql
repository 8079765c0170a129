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

keep_rules as (

    select * from {{ ref('stg_target_rules') }} where target_rule = 'keep_every_year'

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
        documents.adjusts_document_number,
        coalesce(
            documents.adjusts_document_number is not null
            or contains(lower(nfc_normalize(documents.title)), 'điều chỉnh'),
            false
        ) as is_adjustment,
        documents.issued_on,
        documents.received_at as known_from,
        documents.withdrawn_at,
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
        cast(null as varchar) as adjusts_document_number,
        false as is_adjustment,
        national_targets.issued_on,
        -- A year plan without a date counts as known from the first day of its year.
        cast(coalesce(national_targets.issued_on, make_date(national_targets.year, 1, 1)) as timestamp) as known_from,
        cast(null as timestamp) as withdrawn_at,
        cast(1 as double) as confidence,
        true as is_headline,
        cast(null as integer) as block_no,
        cast(null as integer) as char_start,
        national_targets.document_title as quote,
    from national_targets
    inner join indicators on national_targets.indicator_code = indicators.indicator_code
    cross join countries

),

as_worded as (

    select *, cast(null as integer) as kept_from_year from stated where is_headline
    union all by name
    select *, cast(null as integer) as kept_from_year from corrected
    union all by name
    select *, cast(null as integer) as kept_from_year from national

),

{# "Keep every year": the years of the rule for which the same document states nothing of its own. #}
years_to_keep as (

    select distinct
        as_worded.admin_unit_key,
        as_worded.indicator_code,
        as_worded.document_id,
        as_worded.document_number,
        as_worded.quote as document_words,
        unnest(range(
            coalesce(keep_rules.first_year, year(as_worded.issued_on), year(as_worded.known_from)),
            coalesce(keep_rules.last_year, as_worded.year) + 1
        ))::integer as kept_year,
    from as_worded
    inner join keep_rules
        on (keep_rules.indicator_code is null or as_worded.indicator_code = keep_rules.indicator_code)
        and (keep_rules.unit is null or as_worded.unit = keep_rules.unit)
        and (keep_rules.level is null or as_worded.admin_unit_level = keep_rules.level)
        and (keep_rules.admin_unit_key is null or as_worded.admin_unit_key = keep_rules.admin_unit_key)
        and (keep_rules.document_number is null or as_worded.document_number = keep_rules.document_number)

),

{# The value of the last year stated before, else of the first one after. #}
kept as (

    select
        as_worded.* exclude (target_id, year, kept_from_year),
        as_worded.target_id || ':keep:' || years_to_keep.kept_year as target_id,
        years_to_keep.kept_year as year,
        as_worded.year as kept_from_year,
    from years_to_keep
    inner join as_worded
        on years_to_keep.admin_unit_key = as_worded.admin_unit_key
        and years_to_keep.indicator_code = as_worded.indicator_code
        and years_to_keep.document_id is not distinct from as_worded.document_id
        and years_to_keep.document_number is not distinct from as_worded.document_number
    where (as_worded.document_id is not null or years_to_keep.document_words = as_worded.quote)
        and not exists (
            from as_worded as of_the_year
            where of_the_year.admin_unit_key = as_worded.admin_unit_key
                and of_the_year.indicator_code = as_worded.indicator_code
                and of_the_year.document_id is not distinct from as_worded.document_id
                and of_the_year.document_number is not distinct from as_worded.document_number
                and of_the_year.year = years_to_keep.kept_year
        )
    qualify
        dense_rank() over (
            partition by
                years_to_keep.admin_unit_key,
                years_to_keep.indicator_code,
                years_to_keep.document_id,
                years_to_keep.document_number,
                years_to_keep.kept_year
            order by
                as_worded.year < years_to_keep.kept_year desc,
                abs(as_worded.year - years_to_keep.kept_year)
        ) = 1

),

vintages as (

    select * from as_worded
    union all by name
    select distinct * from kept

),

{#
    The later document of the unit itself decides, and of one day the adjusting one; an adjustment
    without a date counts from its receipt. Inside one document the surer and earlier passage.
    Nothing here looks at other documents, so that the order of two targets never changes.
#}
prioritised as (

    select
        *,
        row_number() over in_order as priority_rank,
        -- Targets of withdrawn documents keep their rank for the past, but stand no longer.
        sum(if(withdrawn_at is null, 1, 0)) over (
            in_order rows between unbounded preceding and current row
        ) as standing_count,
        {{ better_known_from('in_order') }} as better_known_from,
    from vintages
    window in_order as (
        partition by admin_unit_key, indicator_code, year
        order by
            case target_source
                when 'catalog' then 1
                when 'correction' then 2
                when 'own_document' then 3
                else 4
            end,
            coalesce(issued_on, if(is_adjustment, cast(known_from as date), null)) desc nulls last,
            is_adjustment desc,
            known_from desc,
            confidence desc,
            document_id,
            block_no,
            char_start,
            target_id
    )

),

{# Cells that lost a document. #}
disturbed_cells as (

    select distinct admin_unit_key, indicator_code, year
    from vintages
    where withdrawn_at is not null

),

ranked as (

    select
        prioritised.*,
        withdrawn_at is null and standing_count = 1 as is_current,
        disturbed_cells.year is not null as is_disturbed,
    from prioritised
    left join disturbed_cells
        on prioritised.admin_unit_key = disturbed_cells.admin_unit_key
        and prioritised.indicator_code = disturbed_cells.indicator_code
        and prioritised.year = disturbed_cells.year

),

disturbed as (

    select * from ranked where is_disturbed

),

{{ held_periods('target_id', ['admin_unit_key', 'indicator_code', 'year']) }},

{{ places_lost() }}

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
    ranked.is_adjustment,
    ranked.adjusts_document_number,
    ranked.kept_from_year,
    ranked.applies_to_levels,
    ranked.is_confirmed,
    ranked.issued_on as published_on,
    ranked.known_from,
    {{ known_to() }} as known_to,
    ranked.withdrawn_at,
    ranked.is_current,
    ranked.priority_rank::integer as priority_rank,
    ranked.quote,
from ranked
left join places on ranked.target_id = places.holder_id
