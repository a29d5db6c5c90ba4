-- What enterprises measured of their fuels, in the newest edition and per unit of the fuel, in each
-- park they are a member of.
with measured as (

    {{ latest_edition(
        ref('stg_park_returns__measured_factors'),
        ['park_id', 'enterprise_id', 'year', 'fuel_code']
    ) | indent }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

final as (

    select
        members.park_id,
        members.enterprise_id,
        members.list_park_id,
        members.list_enterprise_id,
        row_number() over (
            partition by
                members.list_park_id, members.list_enterprise_id, measured.year, measured.fuel_code
            order by members.park_id
        ) = 1 as is_own_row,
        measured.year,
        measured.fuel_code,
        unit_labels.unit,
        measured.unit_heat_gj / unit_labels.to_unit_factor as ncv_gj_per_unit,
        measured.carbon_content_tc_per_gj,
        measured.oxidation_rate,
        'measured.' || members.list_park_id || '.' || members.list_enterprise_id || '.'
        || measured.fuel_code || '.' || measured.year as factor_id,
        measured.laboratory,
        measured.origin,
        measured.source_id
    from measured
    inner join unit_labels on measured.unit = unit_labels.unit_label
    inner join members
        on
            measured.park_id = members.list_park_id
            and measured.enterprise_id = members.list_enterprise_id
            and measured.year = members.year

)

select * from final
