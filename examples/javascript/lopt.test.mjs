// node examples/javascript/lopt.test.mjs [theta.safetensors …]    default: the θ that ship with lopt
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Optimizer, readTheta } from './lopt.mjs';
import { deviations } from './vectors.mjs';

const shipped = fileURLToPath(new URL('../../theta/', import.meta.url));
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
