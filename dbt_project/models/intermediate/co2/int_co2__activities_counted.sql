-- What each method counts: balance rows taken by its rules, in the fuel's unit.
with series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage and quantity is not null

),

rules as (

    select * from {{ ref('int_co2__rules_resolved') }}

),

allocation_groups as (

    select * from {{ ref('allocation_groups') }}

),

matched as (

    select
        rules.method,
        rules.account,
        rules.scope,
        rules.take,
        rules.weight,
        rules.is_coal,
        rules.allocation_group,
        series.*
    from series
    inner join rules
        on
            series.balance_item = rules.balance_item
            and series.fuel_code = rules.fuel_code

),

taken as (

    select
        *,
        weight * quantity as counted_quantity,
        weight * energy_gj as counted_energy_gj
    from matched
    where take = 'all' or (take = 'inputs_only' and quantity > 0)

),

-- A deduction is spread over its group pro rata to final consumption and never exceeds it.
deductible as (

    select
        deducted.method,
        deducted.account,
        deducted.region_code,
        deducted.year,
        deducted.fuel_code,
        deducted.quantity as deduction_quantity,
        deducted.weight as deduction_weight,
        deducted.balance_item as deduction_item,
        deducted.origin_rank as deduction_origin_rank,
        taken.industry_code,
        taken.counted_quantity,
        taken.counted_energy_gj,
        -- Added in a fixed order: a rerun gives the same last digit.
        sum(taken.counted_quantity) over (
            partition by
                deducted.method, deducted.account, deducted.balance_item,
                deducted.region_code, deducted.year, deducted.fuel_code
            order by taken.industry_code
            rows between unbounded preceding and unbounded following
        ) as group_quantity
    from matched as deducted
    inner join allocation_groups
        on deducted.allocation_group = allocation_groups.allocation_group
    inner join taken
        on
            deducted.method = taken.method
            and deducted.account = taken.account
            and deducted.region_code = taken.region_code
            and deducted.year = taken.year
            and deducted.fuel_code = taken.fuel_code
            and allocation_groups.industry_code = taken.industry_code
            and taken.balance_item = 'final_consumption'
    where deducted.take = 'deduct'

),

deductions as (

    select
        *,
        deduction_weight * least(deduction_quantity, group_quantity)
        / nullif(group_quantity, 0) as deducted_share
    from deductible
    -- A group that burns nothing has nothing to take the feedstock off.
    where group_quantity > 0

),

united as (

    select
        method,
        account,
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        is_coal,
        unit,
        counted_quantity as quantity,
        counted_energy_gj as energy_gj,
        is_split_frozen,
        origin_rank,
        split_origin_rank,
        vintage,
        source_id
    from taken
    union all
    select
        taken.method,
        taken.account,
        taken.region_code,
        taken.year,
        deductions.deduction_item as balance_item,
        taken.industry_code,
        taken.fuel_code,
        taken.scope,
        taken.is_coal,
        taken.unit,
        deductions.deducted_share * taken.counted_quantity as quantity,
        deductions.deducted_share * taken.counted_energy_gj as energy_gj,
        taken.is_split_frozen,
        greatest(taken.origin_rank, deductions.deduction_origin_rank) as origin_rank,
        greatest(taken.split_origin_rank, deductions.deduction_origin_rank) as split_origin_rank,
        taken.vintage,
        taken.source_id
    from deductions
    inner join taken
        on
            deductions.method = taken.method
            and deductions.account = taken.account
            and deductions.region_code = taken.region_code
            and deductions.year = taken.year
            and deductions.fuel_code = taken.fuel_code
            and deductions.industry_code = taken.industry_code
            and taken.balance_item = 'final_consumption'

),

final as (

    select * from united

)

select * from final
