using LoptCluster.Engine.InnerProblems.Convnets;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

/// <summary>A convnet in float64, as plainly as it can be written; compact parameter vectors, maps [n, H, W, C] without padding.</summary>
internal sealed class ReferenceConvnet(ConvnetShape shape) : IReferenceProblem
{
    public double LossAndGradient(double[] w, float[] x, int[] labels, double[] gradient)
    {
        Array.Clear(gradient);
        int images = labels.Length, channels = shape.Channels, layers = shape.Strides.Length;
        double[] below = Array.ConvertAll(x, value => (double)value);
        int size = shape.ImageSize, inputs = shape.ImageChannels, at = 0;
        var layer = new Layer[layers];
        for (int l = 0; l < layers; l++)
        {
            var current = layer[l] = new Layer(size, inputs, channels, shape.Strides[l], images, at) { Input = below };
            at += 9 * inputs * channels;
            double[] z = current.Convolve(w);
            if (shape.BatchNorm) current.Normalize(w, z, shape.BatchNormEpsilon);
            else current.AddBias(w, z);
            at += (shape.BatchNorm ? 2 : 1) * channels;
            current.Output = [.. z.Select(value => Math.Max(value, 0))];
            (below, size, inputs) = (current.Output, current.OutputSize, channels);
        }

        int area = size * size;
        double loss = 0;
        double[] g = new double[below.Length];
        for (int n = 0; n < images; n++)
        {
            double[] pooled = new double[channels];
            for (int i = 0; i < area * channels; i++) pooled[i % channels] += below[(n * area * channels) + i] / area;
            double[] pooledGradient = new double[channels];
            loss += Head(w, at, pooled, labels[n], images, gradient, pooledGradient);
            for (int i = 0; i < area * channels; i++) g[(n * area * channels) + i] = pooledGradient[i % channels] / area;
        }

        for (int l = layers - 1; l >= 0; l--)
        {
            for (int i = 0; i < g.Length; i++) g[i] = layer[l].Output[i] > 0 ? g[i] : 0;
            if (shape.BatchNorm) layer[l].NormalizeBackward(w, g, gradient);
            else layer[l].BiasBackward(g, gradient);
            g = layer[l].ConvolveBackward(w, g, gradient);
        }

        return loss / images;
    }

    /// <summary>H v by central differences of the gradient: exact to some 1e-7 where no ReLU changes sides within the step.</summary>
    public double[] HessianVector(double[] w, double[] v, float[] x, int[] labels)
    {
        // So small that of the tens of thousands of units of the paper's net none is within reach of its kink.
        const double Step = 1e-8;
        double[] plus = new double[w.Length], minus = new double[w.Length];
        LossAndGradient([.. w.Zip(v, (a, b) => a + (Step * b))], x, labels, plus);
        LossAndGradient([.. w.Zip(v, (a, b) => a - (Step * b))], x, labels, minus);
        return [.. plus.Zip(minus, (a, b) => (a - b) / (2 * Step))];
    }

    private double Head(double[] w, int at, double[] pooled, int label, int images, double[] gradient, double[] pooledGradient)
    {
        int bias = at + (pooled.Length * shape.Classes);
        double[] z = new double[shape.Classes];
        for (int k = 0; k < z.Length; k++)
            z[k] = w[bias + k] + pooled.Select((p, c) => p * w[at + (c * z.Length) + k]).Sum();
        double max = z.Max(), sum = z.Sum(value => Math.Exp(value - max));
        for (int k = 0; k < z.Length; k++)
        {
            double delta = ((Math.Exp(z[k] - max) / sum) - (k == label ? 1 : 0)) / images;
            gradient[bias + k] += delta;
            for (int c = 0; c < pooled.Length; c++)
            {
                gradient[at + (c * z.Length) + k] += delta * pooled[c];
                pooledGradient[c] += delta * w[at + (c * z.Length) + k];
            }
        }

        return Math.Log(sum) + max - z[label];
    }

    private sealed class Layer(int size, int inputs, int outputs, int stride, int images, int at)
    {
        private readonly int _before = Math.Max(((((size + stride - 1) / stride) - 1) * stride) + 3 - size, 0) / 2;
        private double[] _normalized = [];
        private double[] _inverseStd = [];

        public required double[] Input { get; init; }

        public double[] Output { get; set; } = [];

        public int OutputSize { get; } = (size + stride - 1) / stride;

        private int Pixels => images * OutputSize * OutputSize;

        private int Scale => at + (9 * inputs * outputs);

        public double[] Convolve(double[] w)
        {
            double[] z = new double[Pixels * outputs];
            ForEachProduct((i, o, k) => z[o] += Input[i] * w[k]);
            return z;
        }

        public double[] ConvolveBackward(double[] w, double[] g, double[] gradient)
        {
            double[] below = new double[Input.Length];
            ForEachProduct((i, o, k) =>
            {
                gradient[k] += Input[i] * g[o];
                below[i] += w[k] * g[o];
            });
            return below;
        }

        public void AddBias(double[] w, double[] z)
        {
            for (int i = 0; i < z.Length; i++) z[i] += w[Scale + (i % outputs)];
        }

        public void BiasBackward(double[] g, double[] gradient)
        {
            for (int i = 0; i < g.Length; i++) gradient[Scale + (i % outputs)] += g[i];
        }

        public void Normalize(double[] w, double[] z, double epsilon)
        {
            double[] mean = Mean(z, _ => 1), square = new double[outputs];
            for (int i = 0; i < z.Length; i++) square[i % outputs] += Math.Pow(z[i] - mean[i % outputs], 2) / Pixels;
            _inverseStd = [.. square.Select(s => 1 / Math.Sqrt(s + epsilon))];
            _normalized = new double[z.Length];
            for (int i = 0; i < z.Length; i++)
            {
                int c = i % outputs;
                _normalized[i] = (z[i] - mean[c]) * _inverseStd[c];
                z[i] = (w[Scale + c] * _normalized[i]) + w[Scale + outputs + c];
            }
        }

        public void NormalizeBackward(double[] w, double[] g, double[] gradient)
        {
            double[] mean = Mean(g, _ => 1), product = Mean(g, i => _normalized[i]);
            for (int c = 0; c < outputs; c++)
            {
                gradient[Scale + c] = product[c] * Pixels;
                gradient[Scale + outputs + c] = mean[c] * Pixels;
            }

            for (int i = 0; i < g.Length; i++)
            {
                int c = i % outputs;
                g[i] = w[Scale + c] * _inverseStd[c] * (g[i] - mean[c] - (_normalized[i] * product[c]));
            }
        }

        private double[] Mean(double[] values, Func<int, double> factor)
        {
            double[] mean = new double[outputs];
            for (int i = 0; i < values.Length; i++) mean[i % outputs] += values[i] * factor(i) / Pixels;
            return mean;
        }

        /// <summary>Every (input, output, weight) that multiply, by their indices.</summary>
        private void ForEachProduct(Action<int, int, int> product)
        {
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                int n = pixel / (OutputSize * OutputSize), row = pixel / OutputSize % OutputSize, column = pixel % OutputSize;
                for (int tap = 0; tap < 9; tap++)
                {
                    int y = (row * stride) + (tap / 3) - _before, x = (column * stride) + (tap % 3) - _before;
                    if (y < 0 || y >= size || x < 0 || x >= size) continue;
                    for (int i = 0; i < inputs; i++)
                    {
                        int input = (((((n * size) + y) * size) + x) * inputs) + i, weight = at + (((tap * inputs) + i) * outputs);
                        for (int o = 0; o < outputs; o++) product(input, (pixel * outputs) + o, weight + o);
                    }
                }
            }
        }
    }
}
