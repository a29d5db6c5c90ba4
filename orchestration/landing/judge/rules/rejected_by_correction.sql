-- A correction says that the printed value is wrong and nothing is known instead.
select
    printed.row_id,
    corrections.column_name,
    corrections.correction_id || ': ' || corrections.reason_en as detail,
    corrections.correction_id || '：' || corrections.reason_zh as detail_zh
from {{ rows }} as printed
inner join corrections
    on
        printed.file_name = corrections.file_name
        and printed.sheet_name = corrections.sheet_name
        and printed.row_number = corrections.row_number
        and printed.column_number in (0, corrections.column_number)
where corrections.action = 'reject' and corrections.state = 'applied'
