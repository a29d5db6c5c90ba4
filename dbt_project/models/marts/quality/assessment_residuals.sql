-- How far the assessment account is from the official intensities. Levels are compared as they are,
-- although their price base is not printed; changes do not depend on it.
with accounts as (

    select * from {{ ref('assessment_account') }}
    where assessed_co2_t_per_gdp is not null

),

announced as (

    {{ latest_edition(
        ref('stg_government_bulletins__area_energy'),
        ['area_name_zh', 'region_code', 'year', 'period', 'industry_code'],
        condition="co2_t_per_gdp is not null and not is_computed and area_kind = 'city'"
    ) | indent }}

),

official_changes as (

    select * from {{ ref('official_intensity_changes') }}

),

levels as (

    select
        'level/' || announced.region_code || '/'
        || cast(announced.year as {{ type_name('varchar') }}) as official_figure_id,
        'level' as figure_kind,
        announced.region_code,
        accounts.account_id,
        cast(null as integer) as base_year,
        announced.year,
        announced.co2_t_per_gdp as official_value,
        accounts.assessed_co2_t_per_gdp as assessed_value,
        accounts.assessed_co2_t_per_gdp / nullif(announced.co2_t_per_gdp, 0) - 1 as residual,
        announced.wording,
        announced.url as address,
        accounts.clause_id,
        accounts.clause_status,
        {{ origin_rank('accounts.origin') }} as origin_rank
    from announced
    inner join accounts
        on announced.region_code = accounts.region_code and announced.year = accounts.year

),

changes as (

    select
        official_changes.official_figure_id,
        'change' as figure_kind,
        official_changes.region_code,
        accounts.account_id,
        official_changes.base_year,
        official_changes.year,
        official_changes.change_rate as official_value,
        accounts.assessed_co2_t_per_gdp / nullif(bases.assessed_co2_t_per_gdp, 0) - 1
            as assessed_value,
        accounts.assessed_co2_t_per_gdp / nullif(bases.assessed_co2_t_per_gdp, 0) - 1
        - official_changes.change_rate as residual,
        official_changes.wording,
        official_changes.address,
        accounts.clause_id,
        accounts.clause_status,
        greatest({{ origin_rank('accounts.origin') }}, {{ origin_rank('bases.origin') }})
            as origin_rank
    from official_changes
    inner join accounts
        on
            official_changes.region_code = accounts.region_code
            and official_changes.year = accounts.year
    inner join accounts as bases
        on
            official_changes.region_code = bases.region_code
            and official_changes.base_year = bases.year
            and accounts.account_id = bases.account_id
            and accounts.series_key = bases.series_key

),

united as (

    select * from levels
    union all
    select * from changes

),

final as (

    select
        official_figure_id,
        account_id,
        figure_kind,
        region_code,
        base_year,
        year,
        official_value,
        assessed_value,
        residual,
        'predicted' as evidence_kind,
        wording,
        address,
        clause_id,
        clause_status,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from united

)

select * from final
order by official_figure_id, account_id
