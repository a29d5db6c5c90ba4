-- What each method counts of the balance: rows taken by its rules, in the fuel's unit, each beside
-- the rows of the balance it rests on. `quantity` is what the input adds to the activity and
-- `weight` is that per unit of the input; the key by which a deduction is spread adds nothing.
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

-- Each industry of a group that a deduction is spread over.
deductible as (

    select
        taken.*,
        deducted.quantity as deduction_quantity,
        deducted.weight as deduction_weight,
        deducted.balance_item as deduction_item,
        deducted.industry_code as deduction_industry_code,
        deducted.dataset as deduction_dataset,
        deducted.vintage as deduction_vintage,
        deducted.origin_rank as deduction_origin_rank
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

-- Added in a fixed order: a rerun gives the same last digit.
ordered as (

    select
        method,
        account,
        deduction_item,
        region_code,
        year,
        fuel_code,
        industry_code,
        counted_quantity
    from deductible
    order by method, account, deduction_item, region_code, year, fuel_code, industry_code

),

groups as (

    select
        method,
        account,
        deduction_item,
        region_code,
        year,
        fuel_code,
        sum(counted_quantity) as group_quantity
    from ordered
    group by method, account, deduction_item, region_code, year, fuel_code

),

-- A deduction is spread over its group pro rata to final consumption and never exceeds it. A group
-- that burns nothing has nothing to take the feedstock off.
deductions as (

    select
        deductible.*,
        deductible.deduction_weight * least(deductible.deduction_quantity, groups.group_quantity)
        / nullif(groups.group_quantity, 0) as deducted_share,
        deductible.deduction_weight * deductible.counted_quantity
        / nullif(greatest(deductible.deduction_quantity, groups.group_quantity), 0)
            as share_of_deduction
    from deductible
    inner join groups
        on
            deductible.method = groups.method
            and deductible.account = groups.account
            and deductible.deduction_item = groups.deduction_item
            and deductible.region_code = groups.region_code
            and deductible.year = groups.year
            and deductible.fuel_code = groups.fuel_code
    where groups.group_quantity > 0

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
        'activity' as input_role,
        dataset as input_dataset,
        balance_item as input_balance_item,
        industry_code as input_industry_code,
        vintage as input_vintage,
        cast(weight as double) as weight,
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
        method,
        account,
        region_code,
        year,
        deduction_item as balance_item,
        industry_code,
        fuel_code,
        scope,
        is_coal,
        unit,
        'deduction' as input_role,
        deduction_dataset as input_dataset,
        deduction_item as input_balance_item,
        deduction_industry_code as input_industry_code,
        deduction_vintage as input_vintage,
        share_of_deduction as weight,
        deducted_share * counted_quantity as quantity,
        deducted_share * counted_energy_gj as energy_gj,
        is_split_frozen,
        greatest(origin_rank, deduction_origin_rank) as origin_rank,
        greatest(split_origin_rank, deduction_origin_rank) as split_origin_rank,
        vintage,
        source_id
    from deductions
    union all
    select
        deductions.method,
        deductions.account,
        deductions.region_code,
        deductions.year,
        deductions.deduction_item as balance_item,
        deductions.industry_code,
        deductions.fuel_code,
        deductions.scope,
        deductions.is_coal,
        deductions.unit,
        'allocation_key' as input_role,
        members.dataset as input_dataset,
        members.balance_item as input_balance_item,
        members.industry_code as input_industry_code,
        members.vintage as input_vintage,
        cast(0 as double) as weight,
        cast(null as double) as quantity,
        cast(null as double) as energy_gj,
        deductions.is_split_frozen,
        members.origin_rank,
        members.split_origin_rank,
        members.vintage,
        members.source_id
    from deductions
    inner join deductions as members
        on
            deductions.method = members.method
            and deductions.account = members.account
            and deductions.deduction_item = members.deduction_item
            and deductions.region_code = members.region_code
            and deductions.year = members.year
            and deductions.fuel_code = members.fuel_code

),

final as (

    select * from united

)

select * from final
