-- The figures of another region or year under this one's name. Of tables that hold a figure in the
-- same place the oldest has it first; of a part and its whole the part is the copy.
{% set place = 'dataset, row_rank, column_rank, item_code, item_part, fuel_code, indicator' %}
with figures as (
    select *, hash({{ place }}, number) as figure
    from material
    where number <> 0
),

repeated as (
    select
        *,
        first_value({'table_id': table_id, 'region_code': region_code, 'year': year}) over (
            partition by {{ place }}, number order by vintage, root_rank, year, table_id
        ) as first
    from figures
    where figure in (select figure from figures group by figure having count(*) > 1)
),

equal as (
    select
        repeated.table_id,
        repeated.first.table_id as other_id,
        count(*) as figures_equal
    from repeated
    left join regions as first_region on repeated.first.region_code = first_region.region_code
    where
        (repeated.region_code, repeated.year) <> (repeated.first.region_code, repeated.first.year)
        and first_region.parent_code is distinct from repeated.region_code
    group by repeated.table_id, repeated.first.table_id
    union
    select
        mine.table_id,
        whole.table_id as other_id,
        count(*) as figures_equal
    from repeated as mine
    inner join regions on mine.region_code = regions.region_code
    inner join repeated as whole
        on
            regions.parent_code = whole.region_code
            and mine.figure = whole.figure
            and mine.number = whole.number
    group by mine.table_id, whole.table_id
),

possible as (
    -- how many figures of such a pair could be equal
    select
        equal.table_id,
        equal.other_id,
        equal.figures_equal,
        any_value(other.file_number) as other_number,
        count(*) as figures
    from equal
    inner join figures as mine on equal.table_id = mine.table_id
    inner join material as other
        on
            equal.other_id = other.table_id
            and mine.row_rank = other.row_rank
            and mine.column_rank = other.column_rank
            and (mine.region_code, mine.year) <> (other.region_code, other.year)
            and mine.item_code is not distinct from other.item_code
            and mine.item_part is not distinct from other.item_part
            and mine.fuel_code is not distinct from other.fuel_code
            and mine.indicator is not distinct from other.indicator
    where
        equal.figures_equal
        >= threshold('comparison_cells_min') * threshold('copied_share_min')
    group by equal.table_id, equal.other_id, equal.figures_equal
)

select
    possible.table_id,
    round(100 * max(figures_equal / figures)) || ' % of its figures are those of '
        || arg_max(files.file_name, figures_equal / figures) as detail,
    '其数字的 ' || round(100 * max(figures_equal / figures)) || ' % 与 '
        || arg_max(files.file_name, figures_equal / figures) || ' 相同' as detail_zh
from possible
inner join files on possible.other_number = files.file_number
where
    figures >= threshold('comparison_cells_min')
    and figures_equal / figures > threshold('copied_share_min')
group by possible.table_id
