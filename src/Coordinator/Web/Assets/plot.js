// One plot: a caption, a legend that shows the values under the cursor (else the newest), and a uPlot canvas.
import { make, setText } from './dom.js';
import { number, powerOfTen, unknown } from './words.js';

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const font = size => `${size}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;

// Marks of a logarithmic axis: powers of ten, about seven of them; within few decades also 2 and 5, within one all.
function logSplits(min, max) {
  const decades = Math.log10(max / min), step = Math.ceil(decades / 7);
  const leads = decades < 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 2.2 ? [1, 2, 5] : [1];
  const splits = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent++) {
    if (exponent % step !== 0) continue;
    for (const lead of leads) {
      const value = Number(`${lead}e${exponent}`);
      if (value >= min && value <= max) splits.push(value);
    }
  }
  return splits;
}

const logLabel = value => {
  const exponent = Math.log10(value);
  return Math.abs(exponent) <= 3 || !Number.isInteger(exponent) ? String(value) : powerOfTen(exponent);
};

export class Plot {
  #spec;
  #box;
  #uplot = null;
  #data = null;
  #log = false;
  #ceiling;
  #values;
  #figure;

  // spec: title, note, x {label, format, range}, y {label, log(data), min, ceiling(data)}, right {label, range}, sync, unordered,
  // series [{name, color, width, dash, points, right, format, quiet}], bands
  constructor(figure, spec) {
    this.#spec = spec;
    this.#figure = figure;
    this.#box = make('div', { class: 'plot', role: 'img', 'aria-label': spec.title });
    this.#values = [];
    const at = this.#at = make('span', { class: 'legend-x' }, '');
    const legend = make('div', { class: 'legend' });
    for (const series of spec.series) {
      if (series.quiet) {
        this.#values.push(null);
        continue;
      }
      const value = make('b', {}, unknown);
      const swatch = make('i', { class: series.points ? 'dot' : series.dash ? 'dashed' : 'line', 'aria-hidden': 'true' });
      swatch.style.setProperty('--ink-of', `var(${series.color})`);
      legend.append(make('span', { class: 'legend-item' }, swatch, `${series.name} `, value));
      this.#values.push(value);
    }
    figure.replaceChildren(make('figcaption', {}, make('h2', {}, spec.title), at, make('p', {}, spec.note)), legend, this.#box);
    document.addEventListener('themechange', () => this.#rebuild());
    new ResizeObserver(() => this.#resize()).observe(this.#box);
  }

  #at;

  draw(data) {
    this.#data = data;
    const log = this.#spec.y.log?.(data) ?? false;
    const ceiling = this.#spec.y.ceiling?.(data);
    if (!this.#uplot || log !== this.#log || ceiling !== this.#ceiling) {
      this.#log = log;
      this.#ceiling = ceiling;
      this.#rebuild();
    } else {
      this.#uplot.setData(data);
    }
    this.#showValues();
  }

  #rebuild() {
    this.#uplot?.destroy();
    this.#uplot = null;
    if (!this.#data || this.#box.clientWidth === 0) return;
    this.#uplot = new uPlot(this.#options(), this.#data, this.#box);
  }

  #resize() {
    if (!this.#uplot) this.#rebuild();
    else this.#uplot.setSize({ width: this.#box.clientWidth, height: this.#box.clientHeight });
  }

  #options() {
    const { x, y, right, series, bands, sync } = this.#spec;
    const muted = color('--muted'), line = color('--grid');
    const axis = more => ({
      stroke: muted, font: font(11), labelFont: font(11.5), labelSize: 17, gap: 4,
      grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 }, ...more,
    });
    const scales = { x: { time: false, range: x.range }, y: { distr: this.#log ? 3 : 1, range: this.#log ? logRange : linearRange(y.min, this.#ceiling) } };
    const axes = [
      axis({ label: x.label, size: 26, values: (_, splits) => splits.map(v => Number.isInteger(v) ? v.toLocaleString('en') : null), grid: { show: false } }),
      axis({
        label: y.label, size: 46,
        ...(this.#log
          ? { splits: (u, _, min, max) => logSplits(min, max), values: (_, splits) => splits.map(logLabel), filter: (_, splits) => splits }
          : { values: (_, splits) => splits.map(tick) }),
      }),
    ];
    if (right) {
      scales.right = { range: right.range };
      axes.push(axis({ scale: 'right', side: 1, label: right.label, size: 36, grid: { show: false }, values: (_, splits) => splits.map(tick) }));
    }
    return {
      width: this.#box.clientWidth,
      height: this.#box.clientHeight,
      padding: [8, right ? 0 : 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false, x: false, y: false }, sync: sync ? { key: sync, scales: ['x', null] } : undefined, points: { size: 7, width: 2 } },
      scales,
      axes,
      bands: bands?.map(b => ({ series: b.series, fill: color(b.color) })),
      series: [{}, ...series.map(s => this.#seriesOptions(s))],
      hooks: { setCursor: [() => this.#showValues()] },
    };
  }

  #seriesOptions(s) {
    const stroke = color(s.color);
    const options = { scale: s.right ? 'right' : 'y', stroke, width: s.width ?? 2, dash: s.dash, spanGaps: s.spanGaps ?? false, points: { show: false } };
    if (s.points) options.points = { show: true, size: s.points, fill: stroke, width: 0 };
    if (s.points && s.width === 0) options.paths = () => null;
    if (s.quiet) options.width = 0;
    return options;
  }

  // Under the cursor, or the newest there is.
  #showValues() {
    if (!this.#data) return;
    const index = this.#uplot?.cursor.idx ?? null;
    const x = index === null ? null : this.#data[0][index];
    setText(this.#at, x === null || x === undefined ? '' : this.#spec.x.format(x));
    this.#spec.series.forEach((series, i) => {
      if (!this.#values[i]) return;
      const column = this.#data[i + 1];
      const value = index !== null ? column[index] : column.findLast(v => v !== null && v !== undefined);
      // Sorted by something else than time, the last one is not the newest.
      setText(this.#values[i], index === null && this.#spec.unordered ? '' : (series.format ?? number)(value));
    });
    if (index === null && !this.#spec.unordered) this.#describe();
  }

  // In words for those who cannot see it.
  #describe() {
    const parts = this.#spec.series.flatMap((s, i) => this.#values[i] ? [`${s.name} ${this.#values[i].textContent}`] : []);
    const text = `${this.#spec.title}, against ${this.#spec.x.label}. Newest: ${parts.join(', ')}.`;
    if (this.#box.getAttribute('aria-label') !== text) this.#box.setAttribute('aria-label', text);
  }
}

const tick = value => Math.abs(value) >= 10000 ? `${Number((value / 1000).toPrecision(4)).toLocaleString('en')}k` : String(Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 }));

// What explodes further leaves the plot, so that the rest can be seen.
const highest = 1e30;

function logRange(_, min, max) {
  if (!(min > 0)) return [0.1, 10];
  const top = Math.min(max, Math.max(highest, min * 10)), room = Math.max(1.15, (top / min) ** 0.06);
  return [min / room, top * room];
}

function linearRange(least, ceiling = Infinity) {
  return (_, min, most) => {
    if (min === null) return [0, 1];
    const max = Math.min(most, ceiling);
    const room = Math.max((max - min) * 0.08, Math.abs(max) * 1e-3, 1e-9);
    return [least === undefined ? min - room : Math.min(least, min), max + room];
  };
}
