"""The sheets of the return forms, as they are written and as they come back."""

FORM_SHEET, GUIDE_SHEET, CODE_SHEET = "填报", "说明", "代码"
CODE_HEADING = "代码表 List"
