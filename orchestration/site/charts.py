"""ECharts drawn to SVG in V8, aside: no browser, no network, no script left in what is drawn."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import subprocess
import sys
import weakref
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.site.drawer import ENGINE

ASSETS = ENGINE.parent
DRAWER = "orchestration.site.drawer"
WIDE = (860, 400)
NARROW = (360, 340)
# A drawing is kept under the hash of all it is made of, so a rule here that changes counts too.
RULES = "6"
_MARK = re.compile(r"<path ([^>]*?)></path>")
_BAR = re.compile(
    r'<path d="M(\S+) (\S+) ?l(\S+) 0l0 (\S+)l[^"]*"[^>]*? data-mark="(\d+)" data-value="([^"]*)"'
)
_TAG = re.compile(r' ecmeta_(\w+)="([^"]*)"')
Tips = Sequence[Sequence[tuple[float | None, str]]]  # series, mark: its value and its words

# For each series and mark the ends of its interval.
Ends = Sequence[Sequence[tuple[float, float] | None]]


class Charts:
    """Draws charts, and keeps each drawing for the next build that asks for the same."""

    def __init__(self, kept: Path | None) -> None:
        self._kept = kept
        self.used: set[str] = set()  # the names of drawings that this build's pages have
        self.drawn = 0
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)

    @cached_property
    def _drawer(self) -> subprocess.Popen[bytes]:
        drawer = subprocess.Popen(
            [sys.executable, "-P", "-m", DRAWER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        weakref.finalize(self, _end, drawer)  # also where a build failed, or nobody builds
        return drawer

    def _draw(self, *asked: Any) -> str:
        """What the process aside draws. Raises RuntimeError if it cannot, or has died."""
        drawer = self._drawer
        if drawer.stdin is None or drawer.stdout is None:
            raise ValueError("the drawing process has to be started with pipes")
        try:
            drawer.stdin.write(json.dumps(asked).encode() + b"\n")
            drawer.stdin.flush()
        except OSError:
            raise RuntimeError(f"the drawing process ended with {drawer.wait()}") from None
        line = drawer.stdout.readline()
        if not line.endswith(b"\n"):
            raise RuntimeError(f"the drawing process ended with {drawer.wait()}")
        answer = json.loads(line)
        if "fault" in answer:
            raise RuntimeError(f"a chart cannot be drawn: {answer['fault']}")
        return str(answer["drawn"])

    @cached_property
    def _version(self) -> str:
        return hashlib.sha256(ENGINE.read_bytes()).hexdigest() + RULES

    def svg(
        self,
        option: dict[str, Any],
        tips: Tips,
        size: tuple[int, int],
        geometry: str = "",
        ends: Ends = (),
    ) -> str:
        """One drawing; each mark has its value, and a tooltip that needs no script."""
        asked = json.dumps([option, tips, size, geometry, ends], ensure_ascii=False, sort_keys=True)
        name = hashlib.sha256((self._version + asked).encode()).hexdigest()[:32]
        self.used.add(name)
        path = self._kept / f"{name}.svg" if self._kept else None
        if path is not None and path.exists():
            return path.read_text(encoding="utf-8")
        area = hashlib.sha256(geometry.encode()).hexdigest()[:12] if geometry else ""
        text = json.dumps(option, ensure_ascii=False).replace('"GEOMETRY"', json.dumps(area))
        drawn = self._draw(text, *size, area, geometry)
        svg = _with_intervals(_plain(drawn, tips, name[:8]), tips, ends)
        self.drawn += 1
        if path is not None:
            path.write_text(svg, encoding="utf-8")
        return svg

    def forget_unused(self) -> None:
        """Delete kept drawings that no page of this build has."""
        if self._kept is not None:
            for path in self._kept.glob("*.svg"):
                if path.stem not in self.used:
                    path.unlink()


def _end(drawer: subprocess.Popen[bytes]) -> None:
    drawer.kill()
    drawer.communicate()


def _plain(svg: str, tips: Tips, name: str) -> str:
    """What ECharts draws, without what only a script needs; ids do not depend on the order."""
    svg = re.sub(r"<style ?>.*?</style>", "", svg, flags=re.DOTALL)
    svg = _MARK.sub(lambda match: _marked(match[1], tips), svg)
    svg = re.sub(r' (?:class|pointer-events|ecmeta_\w+)="[^"]*"', "", svg)
    svg = re.sub(r'style="([^"]*)"', _attributes, svg)
    svg = re.sub(r"zr\d+-", f"{name}-", svg)
    svg = re.sub(r'<rect width="\d+" height="\d+" x="0" y="0" fill="none"></rect>\n', "", svg)
    svg = re.sub(r' xmlns:xlink="[^"]*" version="1.1" baseProfile="full"', "", svg)
    svg = re.sub(
        r"<svg (width=\S+ height=\S+) ", r'<svg \1 aria-hidden="true" focusable="false" ', svg
    )
    return re.sub(r"\n\s*\n+", "\n", svg).strip()


def _marked(attributes: str, tips: Tips) -> str:
    """A mark of a series with its value; a part of the frame stays as it is."""
    tags = dict(_TAG.findall(attributes))
    is_line = ' fill="none"' in attributes and "stroke-dasharray" in attributes
    if tags.get("ssr_type") != "chart" or "data_index" not in tags or is_line:
        return f"<path {attributes}></path>"
    series, data = int(tags["series_index"]), int(tags["data_index"])
    if series >= len(tips) or data >= len(tips[series]):
        return f"<path {attributes}></path>"
    value, words = tips[series][data]
    mark = "" if value is None else f' data-mark="{series}" data-value="{value!r}"'
    return f"<path {attributes}{mark}><title>{html.escape(words)}</title></path>"


def _with_intervals(svg: str, tips: Tips, ends: Ends) -> str:
    """A thin line over each bar that has an interval; as long as the bars say a unit is."""
    bars = [
        (tuple(map(float, found.groups()[:4])), int(found[5]), float(found[6]))
        for found in _BAR.finditer(svg)
    ]
    if not ends or not bars:
        return svg
    (left, _, width, _), _, largest = max(bars, key=lambda bar: abs(bar[2]))
    if not largest:
        return svg
    unit = width / largest
    lines, placed = [], dict.fromkeys(range(len(tips)), 0)
    for (_, top, _, height), series, _ in bars:
        mark, placed[series] = placed[series], placed[series] + 1
        found = ends[series][mark] if series < len(ends) else None
        if found is None or found[0] == found[1]:
            continue
        low, high = (left + unit * end for end in found)
        middle, cap = top + height / 2, 4
        lines.append(
            f'<path d="M{low:.2f} {middle - cap:.2f}V{middle + cap:.2f}M{low:.2f} {middle:.2f}'
            f'H{high:.2f}M{high:.2f} {middle - cap:.2f}V{middle + cap:.2f}" fill="none" '
            f'stroke="#1c2733" stroke-width="1.5" data-low="{found[0]!r}" data-high="{found[1]!r}">'
            "</path>"
        )
    return svg.replace("</svg>", "\n".join([*lines, "</svg>"]))


def _attributes(match: re.Match[str]) -> str:
    """A style as attributes: the page allows no style of an element's own."""
    parts = (part.partition(":") for part in html.unescape(match[1]).split(";") if part)
    kept = [(key.strip(), value.strip().removesuffix("px")) for key, _, value in parts]
    wanted = [(k, v) for k, v in kept if k in ("font-size", "font-weight", "fill", "stroke")]
    return " ".join(f'{key}="{html.escape(value)}"' for key, value in wanted)
