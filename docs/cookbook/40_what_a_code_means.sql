-- What do the codes of a column mean?
-- 某列的代码各是什么意思？
select code, label_zh, label_en
from reference.codes
where column_name = 'co2_band'
order by sort;
