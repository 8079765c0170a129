with

obligations as (

    select * from {{ ref('stg_reporting_obligations') }}

),

{# A report that was withdrawn no longer fulfils anything. #}
documents as (

    select * from {{ ref('stg_documents') }} where withdrawn_at is null

),

holidays as (

    select * from {{ ref('stg_public_holidays') }}

),

facts as (

    select * from {{ ref('stg_facts') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

),

{# The clock is the last receipt, so that the same documents always give the same verdicts. #}
clock as (

    select max(cast(received_at as date)) as known_until from {{ ref('stg_documents') }}

),

nominal_dates as (

    select
        obligations.*,
        obligation_year,
        make_date(
            obligation_year,
            obligations.due_month,
            least(
                obligations.due_day,
                day(last_day(make_date(obligation_year, obligations.due_month, 1)))
            )
        ) as nominal_due_on,
    from obligations
    cross join clock
    cross join
        unnest(range(
            obligations.first_year,
            coalesce(obligations.last_year, year(clock.known_until)) + 1
        )) as years (obligation_year)

),

{# Longer than any run of days off: Tết with its weekends. #}
days_after as (

    select
        nominal_dates.nominal_due_on,
        nominal_dates.nominal_due_on + cast(days.day_no as integer) as working_on,
    from (select distinct nominal_due_on from nominal_dates) as nominal_dates
    cross join unnest(range(0, 21)) as days (day_no)

),

working_days as (

    select
        days_after.nominal_due_on,
        min(days_after.working_on) as due_on,
    from days_after
    anti join holidays on days_after.working_on = holidays.holiday_on
    where isodow(days_after.working_on) <= 5
    group by days_after.nominal_due_on

),

due_dates as (

    select
        nominal_dates.*,
        working_days.due_on,
    from nominal_dates
    inner join working_days on nominal_dates.nominal_due_on = working_days.nominal_due_on

),

plans as (

    select
        units.province_key,
        min(year(documents.issued_on)) as first_plan_year,
    from documents
    inner join units on documents.admin_unit_key = units.admin_unit_key
    where documents.document_type = 'plan'
        and documents.document_status = 'read'
        and units.level = 'province'
    group by units.province_key

),

duties as (

    select
        units.admin_unit_key,
        units.admin_unit_code,
        units.name as admin_unit_name,
        units.level,
        due_dates.*,
    from due_dates
    inner join units
        on due_dates.reporter_level = units.level
        and units.province_code = coalesce(due_dates.province_code, units.province_code)
        and due_dates.nominal_due_on >= units.valid_from
        and (units.valid_to is null or due_dates.nominal_due_on <= units.valid_to)
    left join plans on units.province_key = plans.province_key
    where due_dates.applies_to = 'all'
        or (due_dates.applies_to = 'province_with_plan' and due_dates.obligation_year >= plans.first_plan_year)

),

figure_years as (

    select
        facts.document_id,
        max(facts.year) as last_figure_year,
    from facts
    inner join documents
        on facts.document_id = documents.document_id
        and facts.admin_unit_key = documents.admin_unit_key
        and facts.year <= year(documents.received_at)
    where facts.kind <> 'target'
    group by facts.document_id

),

reports as (

    select
        documents.*,
        coalesce(
            documents.reference_year,
            figure_years.last_figure_year,
            year(documents.issued_on),
            year(documents.received_at)
        ) as reported_year,
    from documents
    left join figure_years on documents.document_id = figure_years.document_id
    where documents.document_status = 'read'

),

{#
    A report was handed in when it was received, unless it came into this warehouse in another year,
    as old documents do: then its issue date is all there is.
#}
dated_reports as (

    select
        *,
        if(year(received_at) = reported_year, cast(received_at as date), issued_on) as received_on,
    from reports

),

answers as (

    select
        duties.*,
        dated_reports.document_id,
        dated_reports.received_on,
    from duties
    left join dated_reports
        on duties.admin_unit_key = dated_reports.admin_unit_key
        and duties.obligation_year = dated_reports.reported_year
        and duties.document_type = dated_reports.document_type
    qualify
        row_number() over (
            partition by duties.admin_unit_key, duties.obligation_code, duties.due_on
            order by dated_reports.received_on nulls last, dated_reports.document_id
        ) = 1

)

select
    answers.admin_unit_code,
    answers.obligation_code,
    answers.due_on,
    answers.received_on,
    case
        when answers.received_on <= answers.due_on then 'on_time'
        when answers.received_on > answers.due_on then 'late'
        when answers.document_id is not null then 'received'
        when answers.due_on >= clock.known_until then 'pending'
        else 'missing'
    end as status,
    case
        when answers.received_on > answers.due_on then cast(answers.received_on - answers.due_on as integer)
        when answers.received_on <= answers.due_on then 0
    end as days_late,
    answers.admin_unit_name,
    answers.level,
    answers.nominal_due_on,
    answers.obligation_name_vi,
    answers.obligation_name_en,
    answers.document_type,
    answers.legal_basis,
    answers.is_confirmed,
    answers.document_id,
    answers.admin_unit_key,
from answers
cross join clock
order by answers.admin_unit_key, answers.obligation_code, answers.due_on
