"""The process that draws for `charts`: V8 with ECharts in it, one drawing for each line of JSON.

Apart from the run, since what is native may crash and take its process with it: then the version
has no site, and is published. It ends when its stdin does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

ENGINE = Path(__file__).with_name("assets") / "echarts.min.js"
_PREPARE = """
var setTimeout = function () { return 0 }, clearTimeout = function () {};
var module = { exports: {} }, exports = module.exports;
"""
# Without a browser ECharts takes every letter to be narrow; names then run into each other.
_DRAW = """
var echarts = module.exports, known = {};
echarts.setPlatformAPI({ measureText: function (text, font) {
  var size = parseFloat(/([0-9.]+)px/.exec(font || '12px')[1]), ems = 0;
  for (var sign of text) {
    ems += sign.codePointAt(0) > 0x2e7f ? 1 : /[A-Zmw@%]/.test(sign) ? 0.72
      : /[ijlt.,:;|()' ]/.test(sign) ? 0.34 : 0.57;
  }
  return { width: size * ems };
} });
function draw(option, width, height, map, geometry) {
  if (map && !known[map]) { echarts.registerMap(map, JSON.parse(geometry)); known[map] = true }
  var size = { renderer: 'svg', ssr: true, width: width, height: height };
  var chart = echarts.init(null, null, size);
  chart.setOption(JSON.parse(option));
  var drawn = chart.renderToSVGString();
  chart.dispose();
  return drawn;
}
"""


def serve() -> None:
    """Draw until stdin ends; what libraries print goes nowhere."""
    from py_mini_racer import MiniRacer

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    engine = MiniRacer()
    engine.eval(_PREPARE + ENGINE.read_text(encoding="utf-8") + ";" + _DRAW)
    for line in sys.stdin.buffer:
        try:
            answer = {"drawn": engine.call("draw", *json.loads(line))}
        except Exception as error:
            answer = {"fault": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve()
