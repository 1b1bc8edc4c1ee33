// The vectors of a card, against which a port of the update rule can check itself.
import { update } from './lopt.mjs';

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
