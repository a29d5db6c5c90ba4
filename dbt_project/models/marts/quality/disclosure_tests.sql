-- A total of CO2 beside energy by industry is published only where the two leave every sensitive
-- cell of industry and fuel in doubt: above by what the rules ask for, below by the p of the p %
-- rule. If it is not in one year it is in none: its ratio to energy beside that year would tell it.
with cells as (

    select * from {{ ref('int_disclosure__cells_judged') }}

),

fuels as (

    select * from {{ ref('int_disclosure__fuels_bounded') }}

),

linked as (

    select
        park_id,
        year,
        cast(sum(
            case
                when not is_sensitive then 0
                when not is_bounded then 1
                when
                    {{ is_below(
                        'most_tce',
                        'greatest((1 + ' ~ threshold('disclosure_p_min') ~ ') * largest_contribution'
                        ~ ' + second_contribution, largest_contribution / '
                        ~ threshold('disclosure_largest_share_max') ~ ')',
                        'energy_tce'
                    ) }}
                    or {{ is_above(
                        'least_tce', '(1 - ' ~ threshold('disclosure_p_min') ~ ') * energy_tce',
                        'energy_tce'
                    ) }}
                    then 1
                else 0
            end
        ) as integer) as linked_cell_count
    from fuels
    group by park_id, year

),

totals as (

    select
        park_id,
        year,
        suppression
    from cells
    where indicator = 'energy_tce' and industry_code is null

),

tested as (

    select
        cells.park_id,
        cells.year,
        cells.indicator,
        cells.industry_code,
        cells.contributor_count,
        cells.cell_value,
        cells.largest_contribution / nullif(cells.absolute_value, 0) as largest_share,
        (cells.absolute_value - cells.largest_contribution - cells.second_contribution)
        / nullif(cells.largest_contribution, 0) as rest_to_largest_ratio,
        case when cells.indicator = 'co2_t' then linked.linked_cell_count end
            as linked_cell_count,
        case
            when cells.indicator <> 'co2_t' or cells.suppression <> 'none' then cells.suppression
            when totals.suppression <> 'none' or linked.linked_cell_count > 0 then 'linked'
            else 'none'
        end as suppression
    from cells
    left join totals
        on cells.park_id = totals.park_id and cells.year = totals.year
    left join linked
        on cells.park_id = linked.park_id and cells.year = linked.year

),

final as (

    select
        park_id,
        year,
        indicator,
        industry_code,
        contributor_count,
        cell_value,
        largest_share,
        rest_to_largest_ratio,
        linked_cell_count,
        case
            when
                suppression = 'none'
                and bool_or(suppression <> 'none') over (
                    partition by park_id, indicator, industry_code
                )
                then 'other_year'
            else suppression
        end as suppression
    from tested

)

select * from final
order by park_id, year, indicator, industry_code
