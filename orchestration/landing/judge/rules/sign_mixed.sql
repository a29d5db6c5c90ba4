-- What is given away or kept in stock, printed with a minus here and without one there.
with signs as (
    select
        printed.table_id,
        printed.item_code,
        count(*) filter (printed.number < 0) as below_zero,
        count(*) filter (printed.number > 0) as above_zero
    from {{ rows }} as printed
    inner join balance_items on printed.item_code = balance_items.balance_item
    where balance_items.stored_sign = 'deducted'
    group by printed.table_id, printed.item_code
    having below_zero > 0 and above_zero > 0
)

select
    printed.row_id,
    printed.item_label || ': ' || signs.below_zero || ' figures with a minus, '
        || signs.above_zero || ' without' as detail,
    printed.item_label || '：' || signs.below_zero || ' 个数带负号，'
        || signs.above_zero || ' 个不带' as detail_zh
from {{ rows }} as printed
inner join signs
    on printed.table_id = signs.table_id and printed.item_code = signs.item_code
where printed.number <> 0
