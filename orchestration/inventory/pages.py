"""A document as HTML and as PDF: templates that know nothing of what the text says."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

from orchestration.errors import GreenparkError
from orchestration.inventory.document import Document

TEMPLATES = Path(__file__).with_name("templates")
SCALES = (1.0, 0.93, 0.87, 0.81, 0.75)  # of the letters of what is to be one page
PAGE = re.compile(rb"/Type\s*/Page\b")
FONTS = "pylopdf_fonts_zh_cn"  # Noto Sans SC, under the Open Font Licence


def html(document: Document) -> bytes:
    """One file that loads nothing and runs nothing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(document.as_data()).encode()


def one_page(document: Document) -> bytes:
    """The PDF in the largest letters in which it is one page, else in the smallest."""
    made = b""
    for scale in SCALES:
        made = pdf(document, scale)
        if len(PAGE.findall(made)) == 1:
            break
    return made


def pdf(document: Document, scale: float = 1.0) -> bytes:
    """The same pages on any machine: no font and no date of its own."""
    import typst

    compiled: bytes = typst.compile(
        TEMPLATES / "report.typ",
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={
            "report": json.dumps(document.as_data(), ensure_ascii=False),
            "scale": str(scale),
        },
    )
    return compiled


def font_folder() -> Path:
    """The folder of the font package, which is data: it is found and not imported."""
    found = importlib.util.find_spec(FONTS)
    if found is None or not found.submodule_search_locations:
        raise GreenparkError(
            f"the package {FONTS}, whose font the PDF is set in, is not installed",
            "run make setup, or leave pdf out of --format",
        )
    return Path(found.submodule_search_locations[0])
