-- A published factor against its own parts: calorific value x carbon content x oxidation x 44/12,
-- and the factors of methods against what others printed of the same. It agrees within half a step
-- of the last printed digit.
with factors as (

    select * from {{ ref('factors') }}

),

methods as (

    select * from {{ ref('methods') }}

),

printed_rows as (

    select * from {{ ref('published_factor_rows') }}

),

of_methods as (

    select
        factors.scheme,
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
        max(
            case when factors.factor_kind = 'emission' and factors.gas = 'co2' then factors.unit end
        ) as unit,
        max(factors.source_id) as source_id,
        max({{ origin_rank('factors.origin') }}) as origin_rank
    from factors
    inner join methods on factors.scheme = methods.method
    group by factors.scheme, factors.factor_of, factors.applies_to, factors.year_from

),

-- What others printed: against its own parts, and the factor of a method against it.
printed as (

    select
        scheme,
        cast(null as {{ type_name('varchar') }}) as method,
        fuel_code,
        cast(null as {{ type_name('varchar') }}) as industry_code,
        cast(null as integer) as year_from,
        'own_parts' as physics_test,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        printed_factor as factor_text,
        ncv_gj_per_unit * carbon_content_tc_per_gj * oxidation_rate
        * {{ constant('co2_per_carbon') }} as computed_value,
        source_id,
        {{ origin_rank('origin') }} as origin_rank
    from printed_rows
    where ncv_gj_per_unit is not null
    union all
    select
        printed_rows.scheme,
        of_methods.method,
        printed_rows.fuel_code,
        of_methods.industry_code,
        of_methods.year_from,
        'method_factor' as physics_test,
        of_methods.ncv_gj_per_unit,
        of_methods.carbon_content_tc_per_gj,
        of_methods.oxidation_rate,
        printed_rows.printed_factor as factor_text,
        of_methods.co2_t_per_unit as computed_value,
        printed_rows.source_id,
        greatest({{ origin_rank('printed_rows.origin') }}, of_methods.origin_rank) as origin_rank
    from printed_rows
    inner join of_methods
        on
            printed_rows.compared_method = of_methods.method
            and printed_rows.fuel_code = of_methods.fuel_code
            and of_methods.unit = 't/' || printed_rows.unit
    where of_methods.industry_code is null
    union all
    select
        scheme,
        method,
        fuel_code,
        industry_code,
        year_from,
        'own_parts' as physics_test,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        cast(co2_t_per_unit as {{ type_name('varchar') }}) as factor_text,
        ncv_gj_per_unit * carbon_content_tc_per_gj * oxidation_rate
        * {{ constant('co2_per_carbon') }} as computed_value,
        source_id,
        origin_rank
    from of_methods
    where co2_t_per_unit is not null

),

steps as (

    select
        *,
        cast(factor_text as double) as co2_t_per_unit,
        power(1e1, -length(split_part(factor_text, '.', 2))) as printed_step
    from printed

),

final as (

    select
        scheme,
        method,
        fuel_code,
        industry_code,
        year_from,
        physics_test,
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
order by scheme, physics_test, method, fuel_code, industry_code, year_from
