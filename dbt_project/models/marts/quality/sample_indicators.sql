-- What a figure of a report can be compared with, of the sample parks of its region as a whole; by
-- year and method.
with report_parks as (

    select * from {{ ref('int_report__sample_parks') }}

),

park_year as (

    select * from {{ ref('park_year_by_method') }}
    where is_sample

),

park_types as (

    select * from {{ ref('park_types') }}
    where is_sample

),

representativeness as (

    select * from {{ ref('park_representativeness') }}
    where park_set = 'sample'

),

reports as (

    select * from {{ ref('reports') }}

),

power_industry as (

    select * from {{ ref('park_leading_industries') }}
    where industry_code = '44'

),

parks as (

    select
        report_parks.report_id,
        report_parks.region_code,
        park_year.*,
        park_types.structure,
        park_types.energy_mix,
        power_industry.is_main_emitter as is_power_main_emitter,
        power_industry.is_main_coal_user as is_power_main_coal_user,
        park_year.co2_rank_in_set <= {{ threshold('top_parks') }} as is_top_emitter,
        park_year.gdp_rank_in_set <= {{ threshold('top_parks') }} as is_top_product,
        park_year.co2_t < {{ threshold('high_co2_t') }} as is_below_high,
        park_year.co2_t < {{ threshold('low_co2_t') }} as is_below_low,
        park_year.intensity_to_province < {{ threshold('province_intensity_share') }}
            as is_far_below_province,
        park_year.co2_t_per_gdp < {{ threshold('low_intensity_t_per_10k_cny') }}
            as is_low_intensity,
        park_year.top10_enterprise_share >= {{ threshold('top_enterprise_share_high') }}
            as is_concentrated
    from park_year
    inner join report_parks on park_year.park_id = report_parks.park_id
    left join park_types
        on park_year.park_id = park_types.park_id and park_year.year = park_types.year
    left join power_industry
        on
            park_year.park_id = power_industry.park_id
            and park_year.year = power_industry.year
            and park_year.method = power_industry.method

),

long as (

    {% for indicator, expression in {
        'sample_gdp_10k_cny': 'sum(gdp_10k_cny)',
        'sample_energy_tce': 'sum(energy_tce)',
        'sample_coal_t': 'sum(coal_t)',
        'sample_coal_tce': 'sum(coal_tce)',
        'sample_co2_t': 'sum(co2_t)',
        'sample_co2_t_per_gdp': 'sum(co2_t) / nullif(sum(gdp_10k_cny), 0)',
        'sample_coal_share_of_energy': 'sum(coal_tce) / nullif(sum(energy_tce), 0)',
        'without_infrastructure':
            "sum(case when infrastructure_class = 'none' then 1 else 0 end)",
        'with_central_plant':
            "sum(case when infrastructure_class = 'central_plant' then 1 else 0 end)",
        'with_power_industry':
            "sum(case when infrastructure_class = 'power_and_heat_industry' then 1 else 0 end)",
        'power_main_emitters': 'sum(case when is_power_main_emitter then 1 else 0 end)',
        'parks_below_high': 'sum(case when is_below_high then 1 else 0 end)',
        'parks_below_low': 'sum(case when is_below_low then 1 else 0 end)',
        'largest_below_high': 'max(case when is_below_high then co2_t end)',
        'largest_below_low': 'max(case when is_below_low then co2_t end)',
        'parks_far_below_province': 'sum(case when is_far_below_province then 1 else 0 end)',
        'lowest_intensity': 'min(case when is_far_below_province then co2_t_per_gdp end)',
        'highest_intensity_far_below':
            'max(case when is_far_below_province then co2_t_per_gdp end)',
        'highest_ratio_far_below':
            'max(case when is_far_below_province then intensity_to_province end)',
        'best_intensity_rank_of_top_products':
            'min(case when is_top_product then intensity_rank_in_set end)',
        'top_emitters_co2_share':
            'sum(case when is_top_emitter then co2_t end) / nullif(sum(co2_t), 0)',
        'top_emitters_lowest_intensity': 'min(case when is_top_emitter then co2_t_per_gdp end)',
        'top_emitters_highest_intensity': 'max(case when is_top_emitter then co2_t_per_gdp end)',
        'top_emitters_intensity':
            'sum(case when is_top_emitter then co2_t end)'
            ~ ' / nullif(sum(case when is_top_emitter then gdp_10k_cny end), 0)',
        'top_emitters_coal_share':
            'sum(case when is_top_emitter then coal_t end) / nullif(sum(coal_t), 0)',
        'top_emitters_with_power_coal':
            'sum(case when is_top_emitter and is_power_main_coal_user then 1 else 0 end)',
        'concentrated_share':
            'cast(sum(case when is_concentrated then 1 else 0 end) as double)'
            ~ ' / nullif(count(*), 0)',
        'lowest_concentrated_share': 'min(case when is_concentrated then top10_enterprise_share end)',
        'low_intensity_share':
            'cast(sum(case when is_low_intensity then 1 else 0 end) as double)'
            ~ ' / nullif(count(*), 0)',
        'highest_low_intensity': 'max(case when is_low_intensity then co2_t_per_gdp end)',
        'low_intensity_to_province':
            threshold('low_intensity_t_per_10k_cny')
            ~ ' / nullif(max(province_co2_t_per_gdp), 0)',
        'industry_type_parks': "sum(case when structure = 'industry_type' then 1 else 0 end)",
        'industry_type_share':
            "cast(sum(case when structure = 'industry_type' then 1 else 0 end) as double)"
            ~ ' / nullif(count(*), 0)',
        'lowest_two_high_share':
            "min(case when structure = 'industry_type' then two_high_output_share end)",
        'highest_two_high_share':
            "max(case when structure = 'industry_type' then two_high_output_share end)",
        'coal_based_parks': "sum(case when energy_mix = 'coal_based' then 1 else 0 end)",
        'coal_based_industry_type':
            "sum(case when energy_mix = 'coal_based' and structure = 'industry_type'"
            ~ ' then 1 else 0 end)',
        'coal_based_comprehensive':
            "sum(case when energy_mix = 'coal_based' and structure = 'comprehensive'"
            ~ ' then 1 else 0 end)',
        'coal_based_co2_t': "sum(case when energy_mix = 'coal_based' then co2_t end)",
        'coal_based_co2_share':
            "sum(case when energy_mix = 'coal_based' then co2_t end) / nullif(sum(co2_t), 0)",
        'coal_based_coal_t': "sum(case when energy_mix = 'coal_based' then coal_t end)",
        'coal_based_coal_share':
            "sum(case when energy_mix = 'coal_based' then coal_t end) / nullif(sum(coal_t), 0)",
    }.items() %}
        select
            report_id,
            '{{ indicator }}' as indicator_id,
            method,
            region_code as entity_code,
            year,
            cast({{ expression }} as double) as value
        from parks
        group by report_id, region_code, year, method
        union all
    {% endfor %}
    select
        reports.report_id,
        'sample_' || representativeness.indicator || '_share' as indicator_id,
        representativeness.method,
        representativeness.region_code as entity_code,
        representativeness.year,
        representativeness.value_share as value
    from representativeness
    inner join reports on representativeness.region_code = reports.region_code

),

final as (

    select
        report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        'sample_indicators' as reads,
        'sample' as rows_of
    from long

)

select * from final
order by report_id, indicator_id, method, entity_code, year
