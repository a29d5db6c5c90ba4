-- In how many sample parks did coal fall?
-- 多少样本园区的煤炭用量下降？
select codes.label_zh, codes.label_en, count(*) as parks
from model.park_coal_change as change
inner join reference.codes as codes on codes.column_name = 'class' and codes.code = change.class
group by codes.label_zh, codes.label_en, codes.sort
order by codes.sort, codes.label_en;
