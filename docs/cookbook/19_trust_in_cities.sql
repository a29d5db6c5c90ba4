-- How well does the model of the cities stand against what it has not seen?
-- 城市模型与未参与建模的数据相比如何？
select
    run,
    series,
    point_count,
    round(correlation, 2) as correlation,
    round(mean_absolute_relative_difference, 2) as mean_error
from quality.model_validation_summary
where is_held_back and indicator = 'territorial_co2_t'
order by run, series;
