{% set changing = [
    'coal_t', 'industrial_coal_t', 'energy_tce', 'co2_t', 'industrial_co2_t', 'coal_co2_t',
    'gdp_10k_cny', 'industrial_value_added_10k_cny', 'industrial_coal_t_per_industrial_va',
    'co2_t_per_gdp', 'industrial_co2_t_per_industrial_va',
] %}
{% set of_product = {'gdp_10k_cny': 'gdp', 'industrial_value_added_10k_cny': 'industry'} %}
{% set per_product = {
    'industrial_coal_t_per_industrial_va': ('industrial_coal_t', 'industry'),
    'co2_t_per_gdp': ('co2_t', 'gdp'),
    'industrial_co2_t_per_industrial_va': ('industrial_co2_t', 'industry'),
} %}
{% set of_grid = ['co2_t', 'co2_t_per_gdp'] %}

with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}

),

energy_totals as (

    select * from {{ ref('int_energy__totals_summed') }}
    where boundary = 'region'

),

economy as (

    select * from {{ ref('int_economy__series_united') }}
    where is_latest_vintage

),

compared as (

    select * from {{ ref('int_economy__values_compared') }}

),

methods as (

    select * from {{ ref('methods') }}

),

industries as (

    select * from {{ ref('industries') }}

),

-- Sums over a whole split keep the origin of its control total; a frozen split does not lower it.
territorial as (

    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        sum(emissions.co2_t) as co2_t,
        sum(emissions.co2e_t) as co2e_t,
        max(emissions.grid_factor_year) as grid_factor_year,
        sum(case when emissions.is_coal then emissions.quantity end) as coal_t,
        sum(case when emissions.is_coal then emissions.co2_t end) as coal_co2_t,
        sum(
            case when industries.is_industrial and emissions.scope = '1' then emissions.co2_t end
        ) as industrial_co2_t,
        sum(
            case when industries.is_industrial and emissions.is_coal then emissions.quantity end
        ) as industrial_coal_t,
        max(greatest(2, emissions.origin_rank, emissions.factor_origin_rank)) as origin_rank,
        max(
            case
                when emissions.is_coal
                    then greatest(2, emissions.origin_rank, emissions.factor_origin_rank)
            end
        ) as coal_origin_rank
    from emissions
    inner join industries on emissions.industry_code = industries.industry_code
    where emissions.account = 'territorial'
    group by emissions.region_code, emissions.year, emissions.method

),

above_size as (

    select
        region_code,
        year,
        method,
        sum(co2_t) as industrial_co2_t,
        sum(case when is_coal then quantity end) as industrial_coal_t,
        max(greatest(2, origin_rank, factor_origin_rank)) as origin_rank
    from emissions
    where account = 'industrial'
    group by region_code, year, method

),

value_added as (

    select
        region_code,
        year,
        max(case when indicator = 'gdp' then value_10k_cny end) as gdp_10k_cny,
        max(case when indicator = 'industrial_value_added' then value_10k_cny end)
            as industrial_value_added_10k_cny
    from economy
    group by region_code, year

),

-- What the landing refused of the accounts that the row is made of.
refusals as (

    {{ region_refusals() }}

),

-- A region and year exist for a method if either account has them: table 9-5 is longer than the
-- balances held.
keys as (

    select
        region_code,
        year,
        method
    from territorial
    union
    select
        region_code,
        year,
        method
    from above_size

),

joined as (

    select
        keys.region_code,
        keys.year,
        keys.method,
        territorial.coal_t,
        case
            when methods.industrial_basis = 'balance_divisions' then territorial.industrial_coal_t
            else above_size.industrial_coal_t
        end as industrial_coal_t,
        energy_totals.energy_tce,
        energy_totals.energy_convention,
        territorial.co2_t,
        territorial.co2e_t,
        territorial.grid_factor_year,
        case
            when methods.industrial_basis = 'balance_divisions' then territorial.industrial_co2_t
            else above_size.industrial_co2_t
        end as industrial_co2_t,
        territorial.coal_co2_t,
        value_added.gdp_10k_cny,
        value_added.industrial_value_added_10k_cny,
        refusals.region_code is null as is_complete,
        coalesce(refusals.refused_cells, 0) as refused_cells,
        coalesce(
            cast(refusals.refused_cells as double)
            / (refusals.refused_cells + refusals.counted_cells), 0
        ) as refused_share,
        territorial.origin_rank,
        territorial.coal_origin_rank,
        case
            when methods.industrial_basis = 'balance_divisions' then territorial.origin_rank
            else above_size.origin_rank
        end as industrial_origin_rank
    from keys
    inner join methods on keys.method = methods.method
    left join territorial
        on
            keys.region_code = territorial.region_code
            and keys.year = territorial.year
            and keys.method = territorial.method
    left join above_size
        on
            keys.region_code = above_size.region_code
            and keys.year = above_size.year
            and keys.method = above_size.method
    left join refusals
        on
            keys.region_code = refusals.region_code
            and keys.year = refusals.year
            and keys.method = refusals.method
    left join energy_totals
        on keys.region_code = energy_totals.region_code and keys.year = energy_totals.year
    left join value_added
        on keys.region_code = value_added.region_code and keys.year = value_added.year

),

ratios as (

    select
        *,
        industrial_coal_t / nullif(coal_t, 0) as industrial_coal_share,
        coal_co2_t / nullif(co2_t, 0) as coal_co2_share,
        industrial_co2_t / nullif(co2_t, 0) as industrial_co2_share,
        industrial_coal_t / nullif(industrial_value_added_10k_cny, 0)
            as industrial_coal_t_per_industrial_va,
        co2_t / nullif(gdp_10k_cny, 0) as co2_t_per_gdp,
        industrial_co2_t / nullif(industrial_value_added_10k_cny, 0)
            as industrial_co2_t_per_industrial_va
    from joined

),

final as (

    select
        now.region_code,
        now.year,
        now.method,
        now.coal_t,
        now.industrial_coal_t,
        now.energy_tce,
        now.energy_convention,
        now.co2_t,
        now.co2e_t,
        now.industrial_co2_t,
        now.coal_co2_t,
        now.gdp_10k_cny,
        now.industrial_value_added_10k_cny,
        case when now.gdp_10k_cny is not null then 'current' end as price_basis,
        now.industrial_coal_share,
        now.coal_co2_share,
        now.industrial_co2_share,
        now.industrial_coal_t_per_industrial_va,
        now.co2_t_per_gdp,
        now.industrial_co2_t_per_industrial_va,
        gdp.constant_10k_cny as gdp_constant_10k_cny,
        gdp.real_growth_rate as gdp_real_growth_rate,
        case when gdp.real_growth_rate is null then coalesce(gdp.refusal, 'not_held') end
            as gdp_growth_refusal,
        industry.real_growth_rate as industrial_value_added_real_growth_rate,
        case
            when industry.real_growth_rate is null then coalesce(industry.refusal, 'not_held')
        end as industrial_value_added_growth_refusal,
        now.grid_factor_year,
        coalesce(now.grid_factor_year <> before.grid_factor_year, false) as has_series_break,
        case when now.grid_factor_year <> before.grid_factor_year then 'two_grid_factors' end
            as co2_change_refusal,
        -- What lacks a cell has not changed by that, nor has CO2 by another grid factor. Product at
        -- current prices has a rate within one edition only; an intensity changes as its quantity
        -- does over real growth.
        {% for measure in changing %}
            {% if measure in of_product %}
                {{ of_product[measure] }}.nominal_growth_rate
            {% elif measure in per_product %}
                {% set quantity, product = per_product[measure] %}
                case
                    when
                        now.is_complete and before.is_complete
                        {% if measure in of_grid %}
                            and coalesce(now.grid_factor_year = before.grid_factor_year, true)
                        {% endif %}
                        then
                            now.{{ quantity }} / nullif(before.{{ quantity }}, 0)
                            / nullif(1 + {{ product }}.real_growth_rate, 0) - 1
                end
            {% else %}
                case
                    when
                        now.is_complete and before.is_complete
                        {% if measure in of_grid %}
                            and coalesce(now.grid_factor_year = before.grid_factor_year, true)
                        {% endif %}
                        then now.{{ measure }} / nullif(before.{{ measure }}, 0) - 1
                end
            {% endif %}
                as {{ measure }}_change_rate,
        {% endfor %}
        now.is_complete,
        now.refused_cells,
        now.refused_share,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('greatest(now.origin_rank, now.industrial_origin_rank)') }} as origin,
        {{ origin_of_rank('now.coal_origin_rank') }} as coal_origin,
        {{ origin_of_rank('now.industrial_origin_rank') }} as industrial_origin
    from ratios as now
    left join ratios as before
        on
            now.region_code = before.region_code
            and now.method = before.method
            and now.year = before.year + 1
    left join compared as gdp
        on
            now.region_code = gdp.region_code
            and now.year = gdp.year
            and gdp.indicator = 'gdp'
    left join compared as industry
        on
            now.region_code = industry.region_code
            and now.year = industry.year
            and industry.indicator = 'industrial_value_added'

)

select * from final
order by region_code, year, method
