"""The sheets of the return forms, as they are written and as they come back."""

FORM_SHEET, GUIDE_SHEET, CODE_SHEET, REQUEST_SHEET = "填报", "说明", "代码", "需求"
CODE_HEADING, REQUEST_HEADING = "代码表 List", "所需列 Column needed"


def is_of_form(sheet_name: str, top: list[str], dataset: str) -> bool:
    """Is it a sheet that the form of a list brings along to explain itself, by its top row?"""
    ends = {GUIDE_SHEET: f"({dataset})", CODE_SHEET: CODE_HEADING, REQUEST_SHEET: REQUEST_HEADING}
    return sheet_name in ends and bool(top) and top[0].endswith(ends[sheet_name])
