# SPDX-License-Identifier: Apache-2.0
"""Line plots as SVG, readable on a light and on a dark page."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 44, 48
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # Okabe and Ito: told apart by everyone
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #333 }
.title { font-size: 14px; font-weight: 600 }
.grid { stroke: #8884; stroke-width: 1 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
"""


class Axis:
    def __init__(self, values, low, high, logarithmic):
        self.logarithmic = logarithmic
        self.from_value, self.to_value = min(values), max(values)
        if not logarithmic:
            self.from_value, self.to_value = 0, nice_above(max(values))
        self.low, self.high = low, high

    def at(self, value):
        a, b, x = self.from_value, self.to_value, value
        if self.logarithmic:
            a, b, x = math.log(a), math.log(b), math.log(x)
        return self.low + (self.high - self.low) * (x - a) / ((b - a) or 1)

    def ticks(self):
        if not self.logarithmic:
            return [self.to_value * i / 5 for i in range(6)]
        ticks, power = [], 10 ** math.floor(math.log10(self.from_value))
        while power <= self.to_value:
            ticks += [power * m for m in (1, 2, 5) if self.from_value <= power * m <= self.to_value]
            power *= 10
        return ticks


def nice_above(value):
    step = 10 ** math.floor(math.log10(value))
    return next(step * m for m in (1, 2, 2.5, 5, 10) if step * m >= value)


def write(path, title, x_label, y_label, series, x_logarithmic=True, x_names=None):
    """series: {name: [(x, y), ...]}; x_names: {x: what its tick says}."""
    points = [point for line in series.values() for point in line]
    x = Axis([p[0] for p in points], LEFT, WIDTH - RIGHT, x_logarithmic)
    y = Axis([p[1] for p in points], HEIGHT - BOTTOM, TOP, False)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="18">{escape(title)}</text>',
    ]
    for tick in y.ticks():
        at = y.at(tick)
        out.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
        out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{tick:,.6g}</text>')
    for tick in x_names or x.ticks():
        name = x_names[tick] if x_names else f"{tick:,.6g}"
        out.append(f'<text x="{x.at(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{name}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>')
    out.append(f'<text x="{LEFT}" y="{TOP - 10}">{escape(y_label)}</text>')
    for i, (name, line) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        path_data = " ".join(f"{x.at(a):.1f},{y.at(b):.1f}" for a, b in line)
        out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path_data}"/>')
        out += [f'<circle cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="2.5" fill="{colour}"/>' for a, b in line]
        at = LEFT + 220 + 90 * i
        out.append(f'<rect x="{at}" y="{TOP - 18}" width="12" height="4" fill="{colour}"/>')
        out.append(f'<text x="{at + 17}" y="{TOP - 12}">{escape(name)}</text>')
    out.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
