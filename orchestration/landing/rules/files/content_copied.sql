-- The figures of another region or year under this one's name.
with same as (
    select
        mine.file_number,
        other.file_number as other_number,
        count(*) as compared,
        avg((mine.number = other.number)::int) as share_equal
    from material as mine
    inner join material as other
        on
            mine.dataset = other.dataset
            and mine.file_number <> other.file_number
            and mine.row_rank = other.row_rank
            and mine.column_rank = other.column_rank
            and (mine.region_code, mine.year) <> (other.region_code, other.year)
            and mine.item_label is not distinct from other.item_label
            and mine.fuel_code is not distinct from other.fuel_code
            and mine.indicator is not distinct from other.indicator
    left join regions as part on mine.region_code = part.region_code
    left join regions as whole on other.region_code = whole.region_code
    where
        mine.number <> 0
        -- of a part and its whole the part is the copy, else the newer file
        and coalesce(mine.region_code = whole.parent_code, false) = false
        and (
            coalesce(part.parent_code = other.region_code, false)
            or (mine.vintage, mine.root_rank, mine.year, mine.file_number)
            > (other.vintage, other.root_rank, other.year, other.file_number)
        )
    group by mine.file_number, other.file_number
)

select
    same.file_number,
    round(100 * max(same.share_equal)) || ' % of its figures are those of '
        || max_by(files.file_name, same.share_equal) as detail
from same
inner join files on same.other_number = files.file_number
where
    same.compared >= threshold('comparison_cells_min')
    and same.share_equal > threshold('copied_share_min')
group by same.file_number
