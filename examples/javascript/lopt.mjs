// θ of LoptCluster in JavaScript: reads theta.safetensors and trains with it. For browsers and node, without dependencies.
// The rule is that of docs/THETA.md. Numbers are kept in float32 and computed in float64.
import { matricesOf, orthogonal } from './muon.mjs';

export { hiddenWeights } from './muon.mjs';

/** A θ as its file holds it: `{ family, tensors: { NAME: { shape, values } }, update }`, `update` having λ and the forms of the rule.
 *  @param {Uint8Array} bytes the content of theta.safetensors
 *  @param {object} [card] theta.card.json, parsed: needed for a file that a library has saved anew without its metadata */
export function readTheta(bytes, card) {
  const length = bytes.length < 8 ? Infinity : Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) throw new Error(`this is not a safetensors file: it has ${bytes.length} bytes and no whole header`);
  const { __metadata__: metadata = {}, ...header } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const tensors = Object.fromEntries(Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    if (dtype !== 'F32') throw new Error(`tensor '${name}' is of type ${dtype}. θ is F32`);
    if (8 + length + to > bytes.length) throw new Error(`the file ends within tensor '${name}'`);
    const data = Uint8Array.from(bytes.subarray(8 + length + from, 8 + length + to)); // a copy: in the file it need not be aligned
    return [name, { shape, values: new Float32Array(data.buffer) }];
  }));
  const given = Object.entries(metadata).filter(([key]) => key.startsWith('update.')).map(([key, value]) => [key.slice(7), value]);
  const family = metadata.optimizer ?? card?.optimizer.family;
  const update = given.length > 0 ? Object.fromEntries(given) : card?.optimizer.update;
  if (!family || !update) throw new Error('the file has no metadata of θ (optimizer, update.*). Pass theta.card.json as well');
  const known = [...Object.keys(inputsOf), ...Object.keys(rules)];
  if (!known.includes(family)) throw new Error(`the optimizer '${family}' is not one of ${known.join(', ')}`);
  return { family, tensors, update };
}

/** θ on the tensors of a network, each a Float32Array that `step` changes in place.
 *  A tensor is what the network holds as one parameter: a weight matrix, a bias, a kernel. It matters, since inputs are scaled by tensor. */
export class Optimizer {
  /** @param {{steps: number, examples?: number, minibatch?: number, shapes?: number[][], outputsFirst?: boolean}} training
   *  T, N and B: the steps of the whole training, its examples (0: not known) and those of a minibatch; for `muon` what `hiddenWeights`
   *  takes */
  constructor(theta, parameters, training) {
    if (!(training?.steps >= 1)) throw new Error(`steps is ${training?.steps}. It is the number of steps of the whole training, 1 or more`);
    this.theta = theta;
    this.parameters = parameters;
    this.matrices = theta.family === 'muon' ? matricesOf(parameters, training) : [];
    this.training = { examples: 0, minibatch: 1, ...training };
    this.states = parameters.map(w => newState(theta, w.length));
    this.t = 0;
  }

  /** One step, with a gradient for each tensor in the order of the parameters. */
  step(gradients) {
    this.parameters.forEach((w, i) => update(this.theta, this.training, this.t, gradients[i], w, this.states[i], this.matrices[i]));
    this.t++;
  }
}

/** The state of a tensor of n numbers before step 0: arrays of zeros. */
export function newState({ family }, n) {
  return Array.from({ length: (rules[family] ?? mlp).states }, () => new Float32Array(n));
}

/** One step t of one tensor: changes w and its state in place. A hidden weight of `muon` comes with its matrix, see `hiddenWeights`. */
export function update(theta, training, t, g, w, state, matrix) {
  if (g.length !== w.length) throw new Error(`a gradient of ${g.length} numbers for a tensor of ${w.length}`);
  (rules[theta.family] ?? mlp)(theta, training, t, g, w, state, matrix);
}

/** The tensor at which the network is to be used: w, but an average in `scheduleFreeAdamW`, whose w is where gradients are taken. */
export function evaluationPoint({ family, tensors }, w, state) {
  if (family !== 'scheduleFreeAdamW') return w;
  const share = valueOf.beta1(tensors.theta.values[rules[family].names.indexOf('beta1')]);
  return w.map((x, j) => x - share * state[0][j]);
}

// Learned optimizers

const BETAS = [0.5, 0.9, 0.99, 0.999, 0.9999];
const ETAS = [3, 10, 30, 100, 300, 1000, 3000, 10000, 300000];
const EPSILON = 1e-5;

const meanSquare = v => v.reduce((sum, x) => sum + x * x, 0) / v.length;

/** The tensor v divided by the root of its mean square. */
function normalized(v) {
  const scale = 1 / Math.sqrt(EPSILON + meanSquare(v));
  return v.map(x => x * scale);
}

function timeInputs({ update: { timeInputs } }, { steps }, t) {
  if (timeInputs === 'none') return ETAS.map(() => 0);
  const tau = timeInputs === 'horizon' ? 1000 * Math.min(1, t / steps) : t;
  return ETAS.map(eta => Math.tanh(tau / eta - 1));
}

function trainingInputs({ steps: T, examples: N, minibatch: B }, t) {
  const data = N > 0 ? [Math.log10(N) - 3, Math.log10(1 + t * B / N)] : [0, 0];
  return [Math.min(1, t / T), Math.log10(T) - 3, ...data];
}

const magnitude = v => Math.log10(1e-10 + meanSquare(v)) / 4 + 0.5;

/** The momenta as they are inputs. A θ that was trained without them keeps them all the same: `mlp28` has their mean squares. */
const seen = ({ update: { momentumInputs } }, m) => momentumInputs === 'false' ? m.map(v => v.map(() => 0)) : m;

/** Inputs of each MLP, in order: an array is one for each number of the tensor, a number is the same for all. */
const inputsOf = {
  mlp16: (theta, training, t, g, m, w) => [...[g, ...seen(theta, m), w].map(normalized), ...timeInputs(theta, training, t)],
  mlp20: (theta, training, t, g, m, w) => [...inputsOf.mlp16(theta, training, t, g, m, w), ...trainingInputs(training, t)],
  mlp28: (theta, training, t, g, m, w) => [
    ...inputsOf.mlp20(theta, training, t, g, m, w), ...[g, ...m, w].map(magnitude), Math.log10(g.length) / 4 - 0.5],
  mlp31: (theta, training, t, g, m, w) => [
    normalized(g), ...seen(theta, m).map(v => normalized(v.map(x => 1000 * x))), normalized(w), ...seen(theta, m).map(normalized),
    ...BETAS.map(() => 0), ...BETAS.map(() => 1000 / Math.sqrt(EPSILON + 1e6)), ...timeInputs(theta, training, t)],
};

function mlp(theta, training, t, g, w, state) {
  const { stepScale, stepDecay, exponentScale } = theta.update;
  state.forEach((m, i) => m.forEach((_, j) => { m[j] = BETAS[i] * m[j] + (1 - BETAS[i]) * g[j]; }));
  const inputs = inputsOf[theta.family](theta, training, t, ...[g, state, w].map(doubles));
  const { W1, b1, W2, b2 } = theta.tensors;
  const hidden = b1.values.length;
  const scale = stepScale * (stepDecay === 'linear' ? Math.max(0, 1 - t / training.steps) : 1);
  const before = Float64Array.from(b1.values); // the sums of a hidden unit over the inputs that are the same for all numbers
  inputs.forEach((x, i) => { if (typeof x === 'number') for (let h = 0; h < hidden; h++) before[h] += x * W1.values[i * hidden + h]; });
  const varying = inputs.map((x, i) => [x, i * hidden]).filter(([x]) => typeof x !== 'number');
  for (let j = 0; j < w.length; j++) {
    let [direction, exponent] = b2.values;
    for (let h = 0; h < hidden; h++) {
      let sum = before[h];
      for (const [x, row] of varying) sum += x[j] * W1.values[row + h];
      if (sum <= 0) continue; // relu
      direction += sum * W2.values[2 * h];
      exponent += sum * W2.values[2 * h + 1];
    }
    w[j] -= scale * direction * Math.exp(exponentScale * exponent);
  }
}
mlp.states = BETAS.length;

const doubles = v => Array.isArray(v) ? v.map(doubles) : Float64Array.from(v);

// Hand-designed optimizers

const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
const scale = theta => Math.min(Math.exp(theta), 1e30);
const distance = theta => clamp(Math.exp(theta), 1e-12, 1); // of β or μ from 1

/** A hyper-parameter as the rules use it, from its element of θ: a β or μ is held as its distance from 1, and used as that. */
const valueOf = {
  learningRate: scale, adamLearningRate: scale, linearDecay: scale, exponentialDecay: scale, l1: scale, l2: scale,
  beta1: distance, beta2: distance, momentum: distance,
  epsilon: theta => clamp(Math.exp(theta), 1e-30, 1e30),
  weightDecay: theta => Math.max(0, theta),
  warmupShare: theta => clamp(theta, 0, 1),
};

/** The rule of a row of the page.
 *  @param names of the elements of θ
 *  @param states how many arrays of state it keeps
 *  @param begin (h, t, T, update, whole) → (g, state, j, w) → what step t takes from number j of w; h: the hyper-parameters, h.rate: of
 *  the step; whole: { g, state, matrix }, of which `muon` takes the whole */
function rule(names, states, begin) {
  const apply = ({ tensors, update }, { steps }, t, g, w, state, matrix) => {
    const h = Object.fromEntries(names.map((name, i) => [name, valueOf[name](tensors.theta.values[i])]));
    h.rate = h.learningRate * Math.max(0, 1 - (h.linearDecay ?? 0) * t) * Math.exp(-(h.exponentialDecay ?? 0) * t);
    const { l1 = 0, l2 = 0 } = h;
    const step = begin(h, t, steps, update, { g, state, matrix });
    for (let j = 0; j < w.length; j++) w[j] -= step(g[j] + l1 * Math.sign(w[j]) + l2 * w[j], state, j, w[j]);
  };
  return Object.assign(apply, { names, states, begin });
}

/** An average that keeps all but a share of what it was. */
const average = (v, j, share, x) => (v[j] = (1 - share) * v[j] + share * x);
/** What an average that began at 0 has to be divided by after n steps: 1 − βⁿ. */
const total = (share, n) => -Math.expm1(n * Math.log1p(-share));

/** Steps of warm-up: the nearest whole number, the even one of two. */
function warmup({ warmupShare }, T) {
  const steps = warmupShare * T, below = Math.floor(steps);
  return steps - below === 0.5 ? below + below % 2 : Math.round(steps);
}

/** Linear warm-up, then half a cosine to zero at T. */
function cosine(h, t, T) {
  const W = warmup(h, T);
  return t < W ? t / W : 0.5 * (1 + Math.cos(Math.PI * Math.min(1, (t - W) / Math.max(1, T - W))));
}

const adamNames = ['learningRate', 'beta1', 'beta2', 'epsilon'];
const muonNames = ['learningRate', 'momentum', 'adamLearningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay', 'warmupShare'];

/** Direction of Adam, with `ahead` that of Nesterov's momentum. */
function adam(h, t, ahead = false) {
  const [mTotal, vTotal] = [total(h.beta1, t + 1), total(h.beta2, t + 1)];
  return (g, [m, v], j) => {
    const first = average(m, j, h.beta1, g);
    return (ahead ? (1 - h.beta1) * first + h.beta1 * g : first) / mTotal / (Math.sqrt(average(v, j, h.beta2, g * g) / vTotal) + h.epsilon);
  };
}

const adamW = ahead => rule([...adamNames, 'weightDecay', 'warmupShare'], 2, (h, t, T) => {
  const [rate, direction] = [h.rate * cosine(h, t, T), adam(h, t, ahead)];
  return (g, state, j, w) => rate * (direction(g, state, j) + h.weightDecay * w);
});

const rules = {
  sgd: rule(['learningRate'], 0, h => g => h.rate * g),
  momentum: rule(['learningRate', 'momentum'], 1, (h, t, T, { nesterov }) => (g, [v], j) => {
    v[j] = (1 - h.momentum) * v[j] + g;
    return h.rate * (nesterov === 'true' ? g + (1 - h.momentum) * v[j] : v[j]);
  }),
  rmsProp: rule(['learningRate', 'epsilon'], 1, h => (g, [v], j) => h.rate * g / Math.sqrt(average(v, j, 0.1, g * g) + h.epsilon)),
  adam: rule(adamNames, 2, (h, t) => {
    const direction = adam(h, t);
    return (g, state, j) => h.rate * direction(g, state, j);
  }),
  adamW: adamW(false),
  nAdamW: adamW(true),
  scheduleFreeAdamW: rule([...adamNames, 'weightDecay', 'warmupShare'], 2, (h, t, T) => {
    const [W, n, vTotal] = [warmup(h, T), t + 1, total(h.beta2, t + 1)];
    const rate = h.rate * (n < W ? n / W : 1);
    const warm = W === 0 ? 0 : (W + 1) * (2 * W + 1) / (6 * W); // the sum of the squared factors of the rate over the warm-up
    const c = n <= W ? 6 * n / ((n + 1) * (2 * n + 1)) : 1 / (warm + n - W);
    return (g, [s, v], j, w) => {
      const u = rate * (g / (Math.sqrt(average(v, j, h.beta2, g * g) / vTotal) + h.epsilon) + h.weightDecay * w);
      const taken = (1 - (1 - h.beta1) * (1 - c)) * u - c * (1 - h.beta1) * s[j];
      s[j] = (1 - c) * (s[j] - u);
      return taken;
    };
  }),
  lion: rule(['learningRate', 'beta1', 'beta2', 'weightDecay', 'warmupShare'], 1, (h, t, T) => {
    const rate = h.rate * cosine(h, t, T);
    return (g, [m], j, w) => {
      const direction = Math.sign((1 - h.beta1) * m[j] + h.beta1 * g);
      average(m, j, h.beta2, g);
      return rate * (direction + h.weightDecay * w);
    };
  }),
  muon: rule(muonNames, 2, (h, t, T, update, whole) => {
    const factor = cosine(h, t, T);
    if (!whole.matrix) {
      const [rate, direction] = [h.adamLearningRate * factor, adam(h, t)];
      return (g, state, j, w) => rate * (direction(g, state, j) + h.weightDecay * w);
    }
    const { g, state: [m], matrix: { rows, columns, scale } } = whole;
    const u = Float64Array.from(g, (x, j) => (1 - h.momentum) * average(m, j, h.momentum, x) + h.momentum * x);
    const X = orthogonal(u, rows, columns);
    return (_, __, j, w) => h.rate * factor * (scale * X[j] + h.weightDecay * w);
  }),
};
for (const name of ['momentum', 'rmsProp', 'adam']) {
  const { names, states, begin } = rules[name];
  rules[`${name}RegDecay`] = rule([...names, 'linearDecay', 'exponentialDecay', 'l1', 'l2'], states, begin);
}
