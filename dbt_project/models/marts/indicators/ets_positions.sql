-- Enterprises of the carbon market, and those that returned an entry of it. Without a verified
-- emission the account stands in, by what is burnt, and the row says so.
with entries as (

    {{ latest_edition(
        ref('stg_park_returns__allowances'),
        ['park_id', 'enterprise_id', 'year', 'allowance_kind']
    ) | indent }}

),

rules as (

    select * from {{ ref('ets_rules') }}

),

prices as (

    select * from {{ ref('carbon_prices') }}

),

standards as (

    select * from {{ ref('standards') }}

),

registered as (

    {{ latest_edition(
        ref('stg_park_returns__enterprises'),
        ['park_id', 'enterprise_id']
    ) | indent }}

),

facts as (

    {{ latest_edition(
        ref('stg_park_returns__enterprise_facts'),
        ['park_id', 'enterprise_id', 'year']
    ) | indent }}

),

burnt as (

    select
        park_id,
        enterprise_id,
        year,
        co2_t,
        origin
    from {{ ref('enterprise_co2') }}
    where scope = '1'

),

{% set entered = {
    'allowance_t': 'allowance', 'covered_t': 'covered', 'surrendered_t': 'surrendered',
    'verified_t': 'verified',
} %}

returned as (

    select
        entries.park_id,
        entries.enterprise_id,
        entries.year,
        {% for column, entry in entered.items() %}
            sum(
                case
                    when kinds.market_entry = '{{ entry }}'
                        then kinds.weight * entries.quantity_t
                end
            ) as {{ column }},
        {% endfor %}
        max({{ origin_rank('entries.origin') }}) as origin_rank
    from entries
    inner join {{ ref('ets_entries') }} as kinds
        on entries.allowance_kind = kinds.allowance_kind
    group by entries.park_id, entries.enterprise_id, entries.year

),

members as (

    select
        returned.park_id,
        returned.enterprise_id,
        returned.year
    from returned
    union
    select
        burnt.park_id,
        burnt.enterprise_id,
        burnt.year
    from burnt
    inner join registered
        on
            burnt.park_id = registered.park_id
            and burnt.enterprise_id = registered.enterprise_id
            and registered.is_in_emissions_trading

),

joined as (

    select
        members.park_id,
        members.enterprise_id,
        members.year,
        registered.industry_code,
        rules.allocation_rule,
        rules.clause_id,
        coalesce(returned.verified_t, burnt.co2_t) as market_co2_t,
        case
            when returned.verified_t is not null then 'verified'
            when burnt.co2_t is not null then 'account'
        end as emission_basis,
        returned.allowance_t as returned_allowance_t,
        case
            when returned.allowance_t is not null then returned.allowance_t
            when rules.allocation_rule = 'equals_verified' then returned.verified_t
        end as allowance_t,
        returned.covered_t,
        returned.surrendered_t,
        facts.industrial_output_10k_cny,
        greatest(
            returned.origin_rank,
            case
                when returned.verified_t is null and burnt.co2_t is not null
                    then {{ origin_rank('burnt.origin') }}
            end
        ) as origin_rank
    from members
    left join returned
        on
            members.park_id = returned.park_id
            and members.enterprise_id = returned.enterprise_id
            and members.year = returned.year
    left join burnt
        on
            members.park_id = burnt.park_id
            and members.enterprise_id = burnt.enterprise_id
            and members.year = burnt.year
    left join registered
        on
            members.park_id = registered.park_id
            and members.enterprise_id = registered.enterprise_id
    left join facts
        on
            members.park_id = facts.park_id
            and members.enterprise_id = facts.enterprise_id
            and members.year = facts.year
    left join rules
        on
            registered.industry_code = rules.industry_code
            and members.year >= rules.year_from
            and members.year <= rules.year_to

),

valued as (

    select
        *,
        market_co2_t / nullif(industrial_output_10k_cny, 0) as market_co2_t_per_industrial_output,
        case
            when covered_t is null then market_co2_t - allowance_t
            else market_co2_t - allowance_t - covered_t
        end as shortfall_t
    from joined

),

ranked as (

    select
        *,
        case
            when market_co2_t_per_industrial_output is not null
                then
                    rank() over (
                        partition by industry_code, year
                        order by {{ tie_value(
                            'market_co2_t_per_industrial_output',
                            'market_co2_t_per_industrial_output'
                        ) }} nulls last
                    )
        end as intensity_rank,
        count(market_co2_t_per_industrial_output) over (
            partition by industry_code, year
        ) as intensity_count
    from valued

),

final as (

    select
        ranked.park_id,
        ranked.enterprise_id,
        ranked.year,
        prices.price_id,
        ranked.industry_code,
        ranked.market_co2_t,
        ranked.emission_basis,
        ranked.allowance_t,
        case
            when ranked.returned_allowance_t is not null then 'returned'
            when ranked.allowance_t is not null then 'by_rule'
        end as allowance_basis,
        ranked.covered_t,
        ranked.surrendered_t,
        ranked.shortfall_t,
        prices.price_10k_cny_per_t,
        ranked.shortfall_t * prices.price_10k_cny_per_t as exposure_10k_cny,
        ranked.market_co2_t_per_industrial_output,
        cast(ranked.intensity_rank as integer) as intensity_rank,
        cast(ranked.intensity_count as integer) as intensity_count,
        ranked.allocation_rule,
        case
            when ranked.market_co2_t is null then 'co2_missing'
            when ranked.allowance_t is not null then null
            when ranked.allocation_rule in ('by_rank', 'by_benchmark')
                then 'coefficients_not_held'
            else 'allowance_not_returned'
        end as refusal,
        ranked.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, ranked.origin_rank)') }} as origin
    from ranked
    cross join prices
    left join standards on ranked.clause_id = standards.clause_id

)

select * from final
order by park_id, enterprise_id, year, price_id
