// What a port of the update rule can check itself against: the vectors of a card, and the golden cases, which have whole networks.
import { evaluationPoint, Optimizer, update } from './lopt.mjs';

/** Largest deviation of each vector of a card, in units of the card's tolerance: a port is right if all are at most 1. */
export function deviations(theta, card) {
  const { specification: s, goldenTolerance } = card;
  const training = { steps: s.innerSteps, examples: s.trainImagesPerClass * s.taskClasses, minibatch: s.minibatchSize };
  return card.golden.map(({ t, g, w, m, wNext, mNext }) => {
    const n = g.length, rows = all => Array.from({ length: all.length / n }, (_, i) => Float32Array.from(all.slice(i * n, (i + 1) * n)));
    const weights = Float32Array.from(w), state = rows(m);
    update(theta, training, t, Float32Array.from(g), weights, state);
    return Math.max(deviation(weights, wNext), ...rows(mNext).map((row, i) => deviation(state[i], row))) / goldenTolerance;
  });
}

/** Largest difference, relative to the largest number; a NaN is infinitely far from a number. */
function deviation(actual, expected) {
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return expected.reduce((most, x, i) => {
    const difference = actual[i] === x ? 0 : Math.abs(actual[i] - x) / largest;
    return Number.isNaN(difference) ? Infinity : Math.max(most, difference);
  }, 0);
}

/** Deviations of the steps of a case `baseline_steps` of golden/, in units of its tolerances: a port is right if all are at most 1. */
export function caseDeviations({ family, parameter_shapes: shapes, w, g, runs, expected, tolerance_float32: tolerance }) {
  const ends = shapes.map((_, i) => shapes.slice(0, i + 1).reduce((n, shape) => n + shape.reduce((a, b) => a * b, 1), 0));
  const tensors = flat => ends.map((end, i) => Float32Array.from(flat.slice(ends[i - 1] ?? 0, end)));
  return runs.flatMap(({ inner_steps: steps, first_step, hyper_parameters }, run) => {
    const values = Float32Array.from(Object.entries(hyper_parameters), ([name, x]) => held(name, x));
    const theta = { family, tensors: { theta: { shape: [values.length], values } }, update: {} };
    const optimizer = new Optimizer(theta, tensors(w), { steps, shapes });
    optimizer.t = first_step;
    const found = [], add = (name, actual, numbers) => found.push(distance(actual, numbers) / tolerance[name]);
    g.forEach((gradient, i) => {
      optimizer.step(tensors(gradient));
      const at = expected.after_steps.indexOf(i + 1), now = joined(optimizer.parameters);
      if (at < 0) return;
      const { w: after, evaluation_point: points } = expected.runs[run];
      add('w', now, after[at]);
      if (after[at].some((x, j) => x !== w[j])) add('w_change', minus(now, w), minus(after[at], w));
      const evaluated = joined(optimizer.parameters.map((x, j) => evaluationPoint(theta, x, optimizer.states[j])));
      if (points) add('evaluation_point', evaluated, points[at]);
    });
    const states = optimizer.states[0].map((_, i) => joined(optimizer.states.map(state => state[i])));
    states.forEach((state, i) => add('state', state, expected.runs[run].state.slice(i * w.length, (i + 1) * w.length)));
    return found;
  });
}

/** What θ holds of a hyper-parameter. */
const held = (name, x) =>
  ['weightDecay', 'warmupShare'].includes(name) ? x : Math.log(['beta1', 'beta2', 'momentum'].includes(name) ? 1 - x : x);

const joined = arrays => arrays.flatMap(v => Array.from(v));
const minus = (a, b) => a.map((x, i) => x - b[i]);

/** Relative error in the L2 norm. */
function distance(actual, expected) {
  const error = Math.hypot(...minus(actual, expected)) / (Math.hypot(...expected) || 1);
  return Number.isNaN(error) ? Infinity : error;
}
