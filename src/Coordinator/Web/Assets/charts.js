// The plots of a run, and one for each further figure of its updates.
import { byId, make } from './dom.js';
import { Plot } from './plot.js';
import { smooth } from './record.js';
import { count, duration, estimatorsOf, horizon, number, percent } from './words.js';

const spread = values => {
  let least = Infinity, most = 0;
  for (const v of values) {
    if (v === null) continue;
    if (v <= 0) return 0;
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  return most / least;
};

// More than a factor of 5 reads better in the logarithm. A column without a value has no say.
const whenWide = data => {
  const spreads = data.slice(1).filter(column => column.some(v => v !== null)).map(spread);
  return spreads.some(s => s > 5) && spreads.every(s => s > 0);
};
const always = () => true;

// The first θ is far worse than Adam. Once θ is near, what is far above leaves the plot, so that the difference can be seen.
function ceilingOf([, test, train, adamTest, adamTrain]) {
  const adam = Math.max(adamTest[0] ?? 0, adamTrain[0] ?? 0);
  const newest = [test, train].map(column => column.findLast(v => v !== null) ?? Infinity);
  return adam > 0 && Math.max(...newest) < 1.6 * adam ? 2 * adam : undefined;
}

// Estimators whose gradient goes through the unroll have one colour, those of the losses alone another.
const colorOf = estimator => ['rp', 'backprop'].includes(estimator) ? '--rp' : '--es';

// Colours of the kinds of a mixture, which differ in lightness too; further kinds have dashes.
const kindColors = 5;

export class Charts {
  #estimators;
  #kinds;
  #last = 1;
  #more;
  #record = null;

  constructor(run) {
    const { specification, figures } = run;
    const isNet = ['convnet', 'fullyConnected'].includes(specification.innerProblem);
    const unit = isNet ? 'loss, nats' : 'loss';
    const search = specification.mode === 'search';
    const updates = { label: search ? 'configurations' : 'outer-updates', format: v => `at ${search ? 'configuration' : 'update'} ${count(v)}`, range: () => [0, Math.max(2, this.#last)] };
    const truncations = { label: 'k, inner-steps of a truncation', format: v => `at k = ${count(v)}`, range: (_, min, max) => min === null ? [0, 1] : [Math.max(0, min - (max - min) * 0.03), max + Math.max(1, (max - min) * 0.03)] };
    const variances = 'variance of one sample';
    this.#estimators = estimatorsOf(figures);
    const [first, weighed] = this.#estimators, weight = weighed && `${weighed.toUpperCase()} weight`;
    const names = this.#estimators.map(e => `g_${e}`).join(' and ');
    const right = label => weighed ? { right: { label, range: [0, 1.02] } } : {};
    this.loss = new Plot(byId('chart-loss'), {
      title: 'Outer-loss', note: 'Mean loss over the truncations of a batch.', x: updates, y: { label: unit, log: whenWide }, sync: 'update',
      bands: [{ series: [3, 2], color: '--theta-band' }],
      series: [
        { name: 'batch', color: '--theta-faint', width: 1.2 },
        { name: 'least', color: '--theta-faint', quiet: true },
        { name: 'greatest', color: '--theta-faint', quiet: true },
        { name: 'smoothed', color: '--theta', width: 2.4 },
      ],
    });
    this.averaged = specification.thetaAverageDecay > 0;
    this.evaluation = new Plot(byId('chart-evaluation'), {
      title: search ? 'Configurations against tuned Adam' : 'θ against tuned Adam', note: `Mean loss over ${horizon(run)} inner-steps. Adam has its best learning rate on each task.`,
      x: updates, y: { label: unit, log: data => ceilingOf(data) === undefined && whenWide(data), ceiling: ceilingOf }, sync: 'update',
      series: [
        { name: 'held-out', color: '--theta', width: 2.2, points: 7, spanGaps: true },
        // Each configuration of a search stands for itself.
        { name: 'outer-train', color: '--train', width: search ? 0 : 1.6, points: 5, spanGaps: true },
        { name: 'Adam held-out', color: '--adam', dash: [7, 4] },
        { name: 'Adam outer-train', color: '--adam', dash: [2, 3], width: 1.5 },
        ...(this.averaged ? [{ name: 'average of θ, held-out', color: '--es', width: 2, points: 5, spanGaps: true }] : []),
      ],
    });
    this.#kinds = run.kinds.length > 1 ? run.kinds : [];
    if (this.#kinds.length > 0) this.kinds = this.#plotKinds(unit, updates);
    this.adaptive = specification.rpShare === 'adaptive';
    this.variance = new Plot(byId('chart-variance'), {
      title: 'Estimators', note: `Variance of ${names} (median over θ)${weighed ? `, and the weight that the merge gives g_${weighed}` : ''}${this.adaptive ? '; for which share of the samples g_rp is computed' : ''}.`,
      x: updates, y: { label: variances, log: always }, ...right(this.adaptive ? `${weight}, share with g_rp` : weight), sync: 'update',
      series: [
        ...this.#estimators.map(e => ({ name: `σ² of g_${e}`, color: colorOf(e) })),
        ...(weighed ? [{ name: `${weight}, smoothed`, color: '--weight', width: 1.6, right: true }] : []),
        ...(this.adaptive ? [{ name: 'share with g_rp, smoothed', color: '--adam', width: 1.6, right: true }] : []),
      ],
    });
    this.figure4 = new Plot(byId('chart-figure4'), {
      title: 'Estimators against truncation length', note: weighed ? `The paper’s Fig. 4, live: g_${first} explodes as truncations grow, g_${weighed} does not.` : `The variance of ${names} as truncations grow (the paper’s Fig. 4).`,
      x: truncations, y: { label: variances, log: always }, ...right(weight), unordered: true,
      series: [
        ...this.#estimators.map(e => ({ name: `σ² of g_${e}`, color: colorOf(e), width: 0, points: 4.5 })),
        ...(weighed ? [{ name: weight, color: '--weight', width: 0, points: 3.5, right: true }] : []),
      ],
    });
    this.k = new Plot(byId('chart-k'), {
      title: 'Truncation length', note: `Mean k of a batch. The schedule goes from ${count(specification.truncationFirst)} to ${count(specification.truncationLast)}.`,
      x: updates, y: { label: 'k, inner-steps', min: 0 }, sync: 'update',
      series: [{ name: 'k', color: '--steps', format: count }],
    });
    this.pace = new Plot(byId('chart-pace'), {
      title: 'Pace', note: search ? 'Time that a configuration takes: more workers shorten it.' : 'Time that an outer-update takes: more workers shorten it, longer truncations lengthen it.',
      x: updates, y: { label: `seconds ${search ? 'a configuration' : 'an update'}`, log: whenWide, min: 0 }, sync: 'update',
      series: [{ name: 'smoothed', color: '--pace', format: v => v >= 100 ? duration(v) : `${number(v)} s` }],
    });
    this.#more = this.#plotMore(figures, updates);
  }

  // Held-out losses by kind of task, each beside tuned Adam.
  #plotKinds(unit, x) {
    byId('chart-kinds').hidden = false;
    const color = i => `--kind-${i % kindColors + 1}`;
    return new Plot(byId('chart-kinds'), {
      title: 'Held-out loss by kind of task', note: 'Mean loss on the held-out tasks of each kind of the mixture; dashed, tuned Adam.',
      x, y: { label: unit, log: whenWide }, sync: 'update',
      series: [
        ...this.#kinds.map((kind, i) => ({ name: kind, color: color(i), width: 2.2, points: 7, spanGaps: true, ...(i >= kindColors ? { dash: [12, 3] } : {}) })),
        ...this.#kinds.map((kind, i) => ({ name: `Adam, ${kind}`, color: color(i), width: 1.5, dash: [4, 4] })),
      ],
    });
  }

  // A plot for each figure that has no place above: a new one needs no line here.
  #plotMore(figures, x) {
    const box = byId('more-charts');
    box.parentElement.addEventListener('toggle', () => this.#drawMore());
    const shown = ['outer_loss', 'truncation_steps', ...this.#series(), ...(this.adaptive ? ['rp_share'] : [])];
    return figures.filter(f => !shown.includes(f.name)).map(f => {
      const figure = make('figure', { class: 'panel chart' });
      box.append(figure);
      const y = { label: f.unit || f.title, ...(f.kind === 'magnitude' ? { log: data => spread(data[1]) > 5 } : {}) };
      const format = { share: percent, count }[f.kind] ?? number;
      const series = [{ name: 'value', color: '--theta', format }];
      return [f.name, new Plot(figure, { title: f.title, note: f.description, x, y, sync: 'update', series })];
    });
  }

  // The figures of the two plots of estimators: each variance, then the weight.
  #series() {
    const weighed = this.#estimators[1];
    return [...this.#estimators.map(e => `variance_${e}`), ...(weighed ? [`weight_${weighed}`] : [])];
  }

  draw(record, status) {
    const h = record.history, f = name => record.figure(name);
    this.#last = Math.max(record.last, status.outerUpdate);
    if (h) {
      this.loss.draw([h.update, f('outer_loss'), f('outer_loss.low'), f('outer_loss.high'), smooth(f('outer_loss'))]);
      const columns = this.#series().map(name => name.startsWith('weight_') ? smooth(f(name)) : f(name));
      this.variance.draw([h.update, ...columns, ...(this.adaptive ? [smooth(f('rp_share'))] : [])]);
      const k = f('truncation_steps');
      this.k.draw([h.update, k]);
      this.pace.draw([h.update, smooth(h.seconds.map((s, i) => (s - (h.seconds[i - 1] ?? 0)) / (h.update[i] - (h.update[i - 1] ?? 0))))]);
      const order = k.map((_, i) => i).sort((a, b) => k[a] - k[b]);
      const sorted = values => order.map(i => values[i]);
      this.figure4.draw([k, ...this.#series().map(f)].map(sorted));
    }
    this.#drawEvaluation(record.evaluations, status);
    this.#record = record;
    this.#drawMore();
  }

  // Only while they are shown: a closed list costs nothing.
  #drawMore() {
    const history = this.#record?.history;
    if (!history || !byId('more-charts').parentElement.open) return;
    for (const [name, plot] of this.#more) plot.draw([history.update, this.#record.figure(name)]);
  }

  #drawEvaluation(e, status) {
    const x = [...new Set([0, ...e.version, Math.max(1, this.#last)])].sort((a, b) => a - b);
    const at = values => x.map(v => values[e.version.indexOf(v)] ?? null);
    const flat = value => x.map(() => value ?? null);
    this.evaluation.draw([x, at(e.outerTest), at(e.outerTrain), flat(status.baselineOuterTest), flat(status.baselineOuterTrain), ...(this.averaged ? [at(e.averageOuterTest)] : [])]);
    this.kinds?.draw([
      x,
      ...this.#kinds.map(kind => at(e.byKind[kind]?.outerTest ?? [])),
      ...this.#kinds.map(kind => flat(e.byKind[kind]?.baselineOuterTest)),
    ]);
  }
}
