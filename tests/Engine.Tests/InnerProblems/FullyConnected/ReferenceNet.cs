namespace LoptCluster.Engine.Tests.InnerProblems.FullyConnected;

/// <summary>A fully connected net in float64, example by example: loss and gradient as plainly as they can be written.</summary>
internal sealed class ReferenceNet(params int[] widths) : IReferenceProblem
{
    /// <summary>Compact parameter vector: W1, b1, W2, b2, …</summary>
    public int Parameters => Enumerable.Range(1, widths.Length - 1).Sum(i => (widths[i - 1] + 1) * widths[i]);

    public double LossAndGradient(double[] w, float[] x, int[] labels, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = 0;
        for (int b = 0; b < labels.Length; b++)
            loss += Example(w, x.AsSpan(b * widths[0], widths[0]), labels[b], 1.0 / labels.Length, gradient);
        return loss / labels.Length;
    }

    /// <summary>H v by central differences of the gradient: exact where no ReLU changes sides within the step.</summary>
    public double[] HessianVector(double[] w, double[] v, float[] x, int[] labels)
    {
        const double Step = 1e-6;
        double[] plus = new double[w.Length], minus = new double[w.Length];
        LossAndGradient([.. w.Zip(v, (a, b) => a + (Step * b))], x, labels, plus);
        LossAndGradient([.. w.Zip(v, (a, b) => a - (Step * b))], x, labels, minus);
        return [.. plus.Zip(minus, (a, b) => (a - b) / (2 * Step))];
    }

    private double Example(double[] w, ReadOnlySpan<float> x, int label, double weight, double[] gradient)
    {
        int layers = widths.Length - 1;
        double[][] values = new double[layers + 1][];
        int[] offsets = new int[layers + 1];
        values[0] = new double[x.Length];
        for (int i = 0; i < x.Length; i++) values[0][i] = x[i];
        for (int l = 1; l <= layers; l++)
        {
            int bias = offsets[l - 1] + (widths[l - 1] * widths[l]);
            offsets[l] = bias + widths[l];
            values[l] = new double[widths[l]];
            for (int o = 0; o < widths[l]; o++)
            {
                double z = w[bias + o];
                for (int i = 0; i < widths[l - 1]; i++) z += values[l - 1][i] * w[offsets[l - 1] + (i * widths[l]) + o];
                values[l][o] = l < layers ? Math.Max(z, 0) : z;
            }
        }

        double max = values[layers].Max();
        double[] delta = [.. values[layers].Select(z => Math.Exp(z - max))];
        double sum = delta.Sum();
        for (int o = 0; o < delta.Length; o++) delta[o] = ((delta[o] / sum) - (o == label ? 1 : 0)) * weight;
        for (int l = layers; l >= 1; l--)
        {
            int bias = offsets[l - 1] + (widths[l - 1] * widths[l]);
            double[] below = new double[widths[l - 1]];
            for (int o = 0; o < widths[l]; o++)
            {
                gradient[bias + o] += delta[o];
                for (int i = 0; i < below.Length; i++)
                {
                    int index = offsets[l - 1] + (i * widths[l]) + o;
                    gradient[index] += values[l - 1][i] * delta[o];
                    below[i] += delta[o] * w[index];
                }
            }

            for (int i = 0; i < below.Length; i++) below[i] = values[l - 1][i] > 0 ? below[i] : 0;
            delta = below;
        }

        return Math.Log(sum) + max - values[layers][label];
    }
}
