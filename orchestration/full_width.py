"""Signs as wide as a Chinese character, which people type among Chinese, and the plain ones."""

from __future__ import annotations

PLAIN = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
# As an engine's `translate` takes them: those that a number is written with.
NUMBERS = ("０１２３４５６７８９．，－＋", "０１２３４５６７８９．，－＋".translate(PLAIN))
