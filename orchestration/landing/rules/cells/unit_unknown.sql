with unknown as (
    select cell_id, unit_label from open_cells where unit is null
),

candidates as (
    select
        labels.unit_label,
        array_to_string(
            max_by(units.unit_label, likeness(labels.unit_label, units.unit_label), 3), ', '
        ) as nearest
    from (select distinct unit_label from unknown) as labels
    cross join units
    group by labels.unit_label
)

select cell_id, unit_label || coalesce('; nearest known: ' || nearest, '') as detail
from unknown
left join candidates using (unit_label)
