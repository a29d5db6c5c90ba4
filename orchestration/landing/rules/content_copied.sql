-- The figures of another region or year under this one's name.
with equal as (
    select mine.table_id, other.table_id as other_id, count(*) as figures
    from material as mine
    inner join material as other
        on
            mine.dataset = other.dataset
            and mine.number = other.number
            and mine.row_rank = other.row_rank
            and mine.column_rank = other.column_rank
            and mine.table_id <> other.table_id
            and (mine.region_code, mine.year) <> (other.region_code, other.year)
            and mine.item_code is not distinct from other.item_code
            and mine.item_part is not distinct from other.item_part
            and mine.fuel_code is not distinct from other.fuel_code
            and mine.indicator is not distinct from other.indicator
    left join regions as part on mine.region_code = part.region_code
    left join regions as whole on other.region_code = whole.region_code
    where
        mine.number <> 0
        -- of a part and its whole the part is the copy, else the newer table
        and coalesce(mine.region_code = whole.parent_code, false) = false
        and (
            coalesce(part.parent_code = other.region_code, false)
            or (mine.vintage, mine.root_rank, mine.year, mine.table_id)
            > (other.vintage, other.root_rank, other.year, other.table_id)
        )
    group by mine.table_id, other.table_id
    having count(*) >= threshold('comparison_cells_min') * threshold('copied_share_min')
),

compared_figures as (
    -- how many figures of such a pair could be equal
    select
        equal.table_id,
        equal.other_id,
        any_value(equal.figures) as figures_equal,
        count(*) as figures,
        any_value(other.file_number) as other_number
    from equal
    inner join material as mine on equal.table_id = mine.table_id
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
    where mine.number <> 0
    group by equal.table_id, equal.other_id
)

select
    found.table_id,
    round(100 * max(found.figures_equal / found.figures)) || ' % of its figures are those of '
        || arg_max(files.file_name, found.figures_equal / found.figures) as detail,
    round(100 * max(found.figures_equal / found.figures)) || ' % 的数字与 '
        || arg_max(files.file_name, found.figures_equal / found.figures) || ' 相同' as detail_zh
from compared_figures as found
inner join files on found.other_number = files.file_number
where
    found.figures >= threshold('comparison_cells_min')
    and found.figures_equal / found.figures > threshold('copied_share_min')
group by found.table_id
