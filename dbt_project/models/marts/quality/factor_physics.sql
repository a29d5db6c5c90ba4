-- A published factor against its own parts: calorific value x carbon content x oxidation x 44/12.
-- It agrees within half a step of its last printed digit.
with factors as (

    select * from {{ ref('factors') }}

),

methods as (

    select * from {{ ref('methods') }}

),

published as (

    select
        factors.scheme as method,
        factors.factor_of as fuel_code,
        factors.applies_to as industry_code,
        factors.year_from,
        max(case when factors.factor_kind = 'ncv' then factors.factor_value end)
            as ncv_gj_per_unit,
        max(case when factors.factor_kind = 'carbon_content' then factors.factor_value end)
            as carbon_content_tc_per_gj,
        max(case when factors.factor_kind = 'oxidation' then factors.factor_value end)
            as oxidation_rate,
        max(
            case
                when factors.factor_kind = 'emission' and factors.gas = 'co2'
                    then factors.factor_value
            end
        ) as co2_t_per_unit,
        max(factors.source_id) as source_id,
        max({{ origin_rank('factors.origin') }}) as origin_rank
    from factors
    inner join methods on factors.scheme = methods.method
    group by factors.scheme, factors.factor_of, factors.applies_to, factors.year_from

),

texts as (

    select
        *,
        cast(co2_t_per_unit as {{ type_name('varchar') }}) as factor_text,
        ncv_gj_per_unit * carbon_content_tc_per_gj * oxidation_rate
        * {{ constant('co2_per_carbon') }} as computed_value
    from published
    where co2_t_per_unit is not null

),

steps as (

    select
        *,
        power(1e1, -length(split_part(factor_text, '.', 2))) as printed_step
    from texts

),

final as (

    select
        method,
        fuel_code,
        industry_code,
        year_from,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        co2_t_per_unit,
        computed_value,
        printed_step,
        case
            when computed_value is null then 'no_parts'
            when
                {{ is_within(
                    'computed_value',
                    'co2_t_per_unit - printed_step / 2',
                    'co2_t_per_unit + printed_step / 2',
                    'co2_t_per_unit'
                ) }}
                then 'agrees'
            else 'differs'
        end as status,
        source_id,
        {{ origin_of_rank('origin_rank') }} as origin
    from steps

)

select * from final
order by method, fuel_code, industry_code, year_from
