// The last two minutes of a value, as a line without axes. The value itself stands beside it as
// text, so the line is hidden from screen readers.

import { svg, mark } from './dom.js';
import { live } from './live.js';

const WIDTH = 120;
const HEIGHT = 32;

/** `{node, update(key, top?)}`; without a top the largest value is the top. */
export function sparkline() {
  const line = svg('path', { class: 'line' });
  const area = svg('path', { class: 'area' });
  const node = svg(
    'svg',
    { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    area,
    line,
  );
  return {
    node,
    update(key, top) {
      const values = live.recent(key);
      const highest = top ?? Math.max(...values.map((value) => value ?? 0), 1e-9) * 1.1;
      const from = WIDTH - values.length; // the line grows in from the right
      let path = '';
      let fill = '';
      let start = -1;
      values.forEach((value, i) => {
        if (value != null) {
          const point = `${from + i} ${(HEIGHT - 1.5 - (Math.min(value, highest) / highest) * (HEIGHT - 3)).toFixed(1)}`;
          path += (start < 0 ? 'M' : 'L') + point;
          if (start < 0) {
            start = from + i;
            fill += `M${start} ${HEIGHT}`;
          }
          fill += 'L' + point;
        }
        if (start >= 0 && (value == null || i === values.length - 1)) {
          fill += `L${from + i - (value == null ? 1 : 0)} ${HEIGHT}Z`;
          start = -1;
        }
      });
      mark(line, 'd', path);
      mark(area, 'd', fill);
    },
  };
}
