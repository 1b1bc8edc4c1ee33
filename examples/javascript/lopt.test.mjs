// node examples/javascript/lopt.test.mjs [theta.safetensors …]    default: the θ that ship with lopt
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hiddenWeights, Optimizer, readTheta } from './lopt.mjs';
import { caseDeviations, deviations } from './vectors.mjs';

const shipped = fileURLToPath(new URL('../../theta/', import.meta.url));
const golden = fileURLToPath(new URL('../../golden/', import.meta.url));
const given = process.argv.slice(2);
const files = given.length > 0 ? given : readdirSync(shipped).filter(name => name.endsWith('.safetensors')).map(name => shipped + name);

assert.ok(files.length > 0, `no θ in ${shipped}`);
for (const file of files) {
  test(`${basename(file)} gives the updates of its card`, () => {
    const card = JSON.parse(readFileSync(file.replace(/\.safetensors$/, '.card.json'), 'utf8'));
    const found = deviations(readTheta(readFileSync(file), card), card);
    assert.ok(found.length > 0 && found.every(d => d <= 1), `deviations in units of the tolerance: ${found}`);
  });
}

for (const name of ['36_adamw', '37_nadamw', '38_schedule_free_adamw', '39_lion', '40_muon']) {
  test(`the steps of golden case ${name}`, () => {
    const found = caseDeviations(JSON.parse(readFileSync(`${golden}${name}.json`, 'utf8')));
    assert.ok(found.length > 0 && found.every(d => d <= 1), `deviations in units of the tolerances: ${found}`);
  });
}

test('a hidden weight moves the same in both orders of axes', () => {
  const values = { learningRate: 0.1, momentum: 0.9, adamLearningRate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 1e-8 };
  const theta = Float32Array.of(...Object.entries(values).map(([k, x]) => Math.log(/beta|mom/.test(k) ? 1 - x : x)), 0.1, 0);
  const gradient = Float32Array.from({ length: 6 }, (_, i) => Math.sin(3 * i + 1)), edge = new Float32Array(4).fill(1);
  const after = (shape, outputsFirst, g) => {
    const w = g.map(x => 2 * x);
    const shapes = [[2, 2], shape, [2, 2]];
    new Optimizer({ family: 'muon', tensors: { theta: { values: theta } }, update: {} }, [edge.slice(), w, edge.slice()],
      { steps: 10, shapes, outputsFirst }).step([edge, g, edge]);
    return w;
  };
  const turned = Float32Array.from(gradient, (_, j) => gradient[j % 2 * 3 + Math.floor(j / 2)]); // [2, 3] → [3, 2]
  const moved = after([2, 3], false, gradient), other = after([3, 2], true, turned);
  moved.forEach((x, i) => assert.ok(Math.abs(x - other[i % 3 * 2 + Math.floor(i / 3)]) < 1e-6));
  assert.ok(moved.some((x, i) => Math.abs(x - 2 * gradient[i]) > 0.01));
});

test('muon takes shapes, and hidden weights are neither the first nor the last matrix', () => {
  const theta = { family: 'muon', tensors: {}, update: {} };
  assert.throws(() => new Optimizer(theta, [new Float32Array(6)], { steps: 10 }), /'muon' needs the shapes/);
  const wrong = { steps: 10, shapes: [[2, 2]] };
  assert.throws(() => new Optimizer(theta, [new Float32Array(6)], wrong), /shapes \[\[2,2\]\] are not .* of 6 numbers/);
  const shapes = [[3], [2, 2], [3, 3, 2, 4], [9], [5, 2], [2, 2], [1]];
  const none = undefined, found = hiddenWeights(shapes).map(m => m && [m.rows, m.columns]);
  assert.deepEqual(found, [none, none, [18, 4], none, [5, 2], none, none]);
});

test('a θ trains a network', () => {
  const theta = readTheta(readFileSync(`${shipped}mixture-train.safetensors`));
  const network = spiral();
  const optimizer = new Optimizer(theta, network.parameters, { steps: 500 });
  const before = network.lossAndGradients().loss;
  for (let t = 0; t < 500; t++) optimizer.step(network.lossAndGradients().gradients);
  const after = network.lossAndGradients().loss;
  assert.ok(after < before / 4, `the loss went from ${before} to ${after}`);
});

test('what is no θ is refused by name', () => {
  const file = readFileSync(`${shipped}mixture-train.safetensors`);
  assert.throws(() => readTheta(file.subarray(0, 4)), /not a safetensors file: it has 4 bytes/);
  assert.throws(() => readTheta(file.subarray(0, file.length - 1)), /the file ends within tensor 'b2'/);
  assert.throws(() => new Optimizer(readTheta(file), [], {}), /steps is undefined/);
  const renamed = withHeader(file, header => { header.__metadata__.optimizer = 'other'; });
  assert.throws(() => readTheta(renamed), /the optimizer 'other' is not one of mlp16, mlp20/);
  assert.throws(() => readTheta(withHeader(file, header => { delete header.__metadata__; })), /Pass theta.card.json as well/);
});

/** A safetensors file with another header. */
function withHeader(file, change) {
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  change(header);
  const bytes = Buffer.from(JSON.stringify(header)), start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([start, bytes, file.subarray(8 + length)]);
}

/** Two arms of a spiral, and a network 2-16-1 that tells them apart: its tensors, loss and gradients. */
function spiral() {
  const points = Array.from({ length: 100 }, (_, i) => {
    const [arm, r] = [i % 2, 0.2 + 0.8 * i / 100];
    return { x: [r * Math.cos(3 * r + Math.PI * arm), r * Math.sin(3 * r + Math.PI * arm)], label: arm };
  });
  const H = 16, W1 = Float32Array.from({ length: 2 * H }, (_, i) => Math.sin(7 * i + 1)), b1 = new Float32Array(H);
  const W2 = Float32Array.from({ length: H }, (_, i) => Math.cos(5 * i) / 4), b2 = new Float32Array(1);
  const lossAndGradients = () => {
    const gradients = [W1, b1, W2, b2].map(w => new Float32Array(w.length));
    const [gW1, gb1, gW2, gb2] = gradients;
    let loss = 0;
    for (const { x, label } of points) {
      const hidden = Array.from(b1, (b, h) => Math.max(0, b + x[0] * W1[h] + x[1] * W1[H + h]));
      const p = 1 / (1 + Math.exp(-hidden.reduce((sum, v, h) => sum + v * W2[h], b2[0])));
      loss -= Math.log(label ? p : 1 - p) / points.length;
      const d = (p - label) / points.length;
      gb2[0] += d;
      hidden.forEach((v, h) => {
        gW2[h] += d * v;
        if (v === 0) return;
        gb1[h] += d * W2[h];
        gW1[h] += d * W2[h] * x[0];
        gW1[H + h] += d * W2[h] * x[1];
      });
    }
    return { loss, gradients };
  };
  return { parameters: [W1, b1, W2, b2], lossAndGradients };
}
