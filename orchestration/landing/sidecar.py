"""The sidecar: what a raw file is, who published it and how to read it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Concept = Literal["region", "year", "item", "fuel", "indicator"]
ValueStatus = Literal["zero", "below_unit", "not_available", "suppressed"]


class Layout(BaseModel):
    """Where things stand in the file. Rows and columns count from 1."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["matrix", "records"]
    header_row: int = 1
    first_data_row: int = 2
    unit: str | None = None
    unit_row: int | None = None
    unit_column: int | None = None
    row_labels: dict[int, Concept] = Field(default_factory=dict)
    column_labels: Concept | None = None
    constants: dict[Concept, str | int] = Field(default_factory=dict)
    missing_marks: dict[str, ValueStatus] = Field(default_factory=lambda: {"": "not_available"})

    @model_validator(mode="after")
    def _complete(self) -> Layout:
        if self.kind == "matrix":
            if not self.row_labels or self.column_labels is None:
                raise ValueError("a matrix needs row_labels and column_labels")
            units = [u for u in (self.unit, self.unit_row, self.unit_column) if u is not None]
            if len(units) != 1:
                raise ValueError("a matrix needs exactly one of unit, unit_row, unit_column")
        return self


class Sidecar(BaseModel):
    """One raw file's description, kept beside it as `<same stem>.yml`."""

    model_config = ConfigDict(extra="forbid")

    dataset: str
    source_id: str
    publisher: str
    title_zh: str
    title_en: str
    edition_year: int
    table_number: str | None = None
    unit_as_printed: str | None = None
    notes_as_printed: list[str] = Field(default_factory=list)
    encoding: Literal["utf-8", "utf-8-sig", "gb18030"]
    sha256: str
    licence: str
    origin: Literal["observed", "derived", "reconstructed"]
    url_or_citation: str
    layout: Layout


def read_sidecar(path: Path) -> Sidecar:
    """Read one sidecar. Raises ValueError with every field that is wrong, in one line."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Sidecar.model_validate(document)
    except yaml.YAMLError as error:
        raise ValueError(f"not valid YAML: {error}") from error
    except ValidationError as error:
        faults = (
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ValueError("; ".join(faults)) from error
