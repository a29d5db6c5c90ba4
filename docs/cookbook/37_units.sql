-- How do I convert units of energy?
-- 能源单位如何换算？
select
    convert(1, '万吨标准煤', 'TJ') as tj,
    round(convert(1, '亿千瓦时', 'tce')) as tce,
    convert(1, '亿元', '万元') as wan_yuan;
