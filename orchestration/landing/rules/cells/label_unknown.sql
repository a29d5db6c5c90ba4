-- A label that stands in no alias table; the nearest known ones help to see a misprint.
with unknown as (
    select
        cell_id,
        case
            when region_label is not null and region_code is null then 'region'
            when item_label is not null and item_code is null then 'item'
            when fuel_label is not null and fuel_code is null then 'fuel'
            when indicator_label is not null and indicator is null then 'indicator'
        end as concept,
        case concept
            when 'region' then region_label
            when 'item' then item_label
            when 'fuel' then fuel_label
            when 'indicator' then indicator_label
        end as label
    from open_cells
    where concept is not null
),

candidates as (
    select
        labels.concept,
        labels.label,
        array_to_string(
            max_by(aliases.alias, likeness(labels.label, aliases.alias), 3), ', '
        ) as nearest
    from (select distinct concept, label from unknown) as labels
    inner join aliases on labels.concept = aliases.concept
    group by labels.concept, labels.label
)

select
    unknown.cell_id,
    unknown.concept || ' ' || unknown.label
        || coalesce('; nearest known: ' || candidates.nearest, '') as detail
from unknown
left join candidates on unknown.concept = candidates.concept and unknown.label = candidates.label
