-- What adds up in a printed balance, by reference.balance_identities: supply is the sum of its
-- rows; supply is net input to transformation, losses, final use and difference; final use is the
-- sum of its sectors. A row lost in a rename, read twice or with the wrong sign breaks a sum. An
-- identity is asked where its total and two of its parts are printed; what the rounding of the
-- print leaves open is for the landing to judge.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with region_energy as (

    select * from {{ ref('region_energy') }}
    where quantity is not null

),

identities as (

    select * from {{ ref('balance_identities') }}
    where role <> 'of_which'

),

industry_ancestors as (

    select * from {{ ref('int_energy__industry_ancestors') }}

),

-- The sectors that stand directly below the total: those that no other printed sector holds.
covered as (

    select distinct
        parts.region_code,
        parts.year,
        parts.fuel_code,
        parts.vintage,
        parts.balance_item,
        parts.industry_code
    from region_energy as parts
    inner join industry_ancestors on parts.industry_code = industry_ancestors.industry_code
    inner join region_energy as wholes
        on
            parts.region_code = wholes.region_code
            and parts.year = wholes.year
            and parts.fuel_code = wholes.fuel_code
            and parts.vintage = wholes.vintage
            and parts.balance_item = wholes.balance_item
            and industry_ancestors.ancestor_code = wholes.industry_code
    where parts.balance_item in ('final_consumption', 'consumption_by_sector')

),

outermost as (

    select region_energy.*
    from region_energy
    left join covered
        on
            region_energy.region_code = covered.region_code
            and region_energy.year = covered.year
            and region_energy.fuel_code = covered.fuel_code
            and region_energy.vintage = covered.vintage
            and region_energy.balance_item = covered.balance_item
            and region_energy.industry_code = covered.industry_code
    where covered.industry_code is null

),

sums as (

    select
        totals.region_code,
        totals.year,
        totals.fuel_code,
        totals.vintage,
        identities.identity,
        totals.quantity as total_quantity,
        sum(case when identities.role = 'part' then parts.quantity else 0 end) as parts_quantity,
        sum(case when identities.role = 'either' then parts.quantity else 0 end)
            as either_quantity,
        max(abs(parts.quantity)) as largest_quantity,
        count(*) as parts
    from identities
    inner join region_energy as totals on identities.total_item = totals.balance_item
    inner join outermost as parts
        on
            identities.balance_item = parts.balance_item
            and totals.region_code = parts.region_code
            and totals.year = parts.year
            and totals.fuel_code = parts.fuel_code
            and totals.vintage = parts.vintage
    left join region_energy as needed
        on
            identities.needs_item = needed.balance_item
            and totals.region_code = needed.region_code
            and totals.year = needed.year
            and totals.fuel_code = needed.fuel_code
            and totals.vintage = needed.vintage
    where identities.needs_item is null or needed.balance_item is not null
    group by
        totals.region_code, totals.year, totals.fuel_code, totals.vintage, identities.identity,
        totals.quantity

),

final as (

    select *
    from sums
    where
        parts > 1
        and least(
            abs(total_quantity - parts_quantity),
            abs(total_quantity - parts_quantity - either_quantity)
        ) > {{ threshold('balance_closure') }} * greatest(abs(total_quantity), largest_quantity)

)

select * from final
