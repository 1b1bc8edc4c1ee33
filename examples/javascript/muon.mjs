// What the optimizer `muon` needs of a network beside single tensors: docs/THETA.md.

/** The hidden weights of a network for `muon`, as matrices: tensors of two axes or more, without the first and the last of these; undefined
 *  in the place of each other tensor.
 *  @param {number[][]} shapes of all tensors, from the network's input to its output: [in, out], [height, width, in, out], [n]
 *  @param {boolean} [outputsFirst] whether they are [out, in], [out, in, height, width] */
export function hiddenWeights(shapes, outputsFirst = false) {
  const weights = shapes.flatMap((shape, i) => shape.length >= 2 ? [i] : []).slice(1, -1);
  return shapes.map((shape, i) => {
    if (!weights.includes(i)) return undefined;
    const outputs = shape.at(outputsFirst ? 0 : -1), inputs = size(shape) / outputs;
    const [rows, columns] = outputsFirst ? [outputs, inputs] : [inputs, outputs];
    return { rows, columns, scale: Math.sqrt(Math.max(1, outputs / inputs)) };
  });
}

const size = shape => shape.reduce((n, length) => n * length, 1);

/** The same, given the tensors too, whose lengths have to be those of the shapes. */
export function matricesOf(parameters, { shapes, outputsFirst }) {
  if (!shapes) throw new Error("'muon' needs the shapes of the tensors. Pass shapes: [[in, out], [out], …], in the order of the tensors");
  if (shapes.length !== parameters.length || parameters.some((w, i) => w.length !== size(shapes[i])))
    throw new Error(`the shapes ${JSON.stringify(shapes)} are not those of tensors of ${parameters.map(w => w.length).join(', ')} numbers`);
  return hiddenWeights(shapes, outputsFirst);
}

/** Newton and Schulz's iteration towards a matrix whose singular values are 1: five steps, to between about 0.7 and 1.2.
 *  @param {Float64Array} x rows × columns numbers, row by row; a new array is returned */
export function orthogonal(x, rows, columns) {
  if (rows > columns) return transposed(orthogonal(transposed(x, rows, columns), columns, rows), columns, rows);
  const norm = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0)) + 1e-7;
  x = x.map(v => v / norm);
  for (let i = 0; i < 5; i++) {
    const A = product(x, transposed(x, rows, columns), rows, columns, rows), A2 = product(A, A, rows, rows, rows);
    const change = product(A.map((v, j) => -4.775 * v + 2.0315 * A2[j]), x, rows, rows, columns);
    x = x.map((v, j) => 3.4445 * v + change[j]);
  }
  return x;
}

const transposed = (x, rows, columns) => x.map((_, j) => x[j % rows * columns + Math.floor(j / rows)]);

function product(a, b, rows, depth, columns) {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < depth; k++)
      for (let j = 0; j < columns; j++) c[i * columns + j] += a[i * depth + k] * b[k * columns + j];
  return c;
}
