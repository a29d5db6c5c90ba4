-- How far is the assessment account from the official intensities that are printed?
-- 考核口径的核算与印出的官方碳强度相差多少？
select official_figure_id, account_id, official_value, round(assessed_value, 4) as assessed_value,
    round(residual, 4) as residual, origin
from quality.assessment_residuals
order by official_figure_id, account_id;
