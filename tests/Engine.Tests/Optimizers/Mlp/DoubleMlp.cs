using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

/// <summary>
/// The MLP optimizer in double, written from the text of App. D.1 and of the released code, input by input: nothing folded, nothing shared.
/// </summary>
internal sealed class DoubleMlp(OptimizerKind kind, ParameterLayout layout, UpdateSettings settings)
{
    private const int Hidden = 32;
    private static readonly double[] Decays = [0.5, 0.9, 0.99, 0.999, 0.9999];
    private static readonly double[] Timescales = [3, 10, 30, 100, 300, 1000, 3000, 10000, 300000];

    /// <summary>Inputs that are normalised over the tensor: g, momenta, w; in the released code others too.</summary>
    private readonly int _normalized = kind == OptimizerKind.Mlp31 ? 22 : 7;
    private readonly int _task = kind is OptimizerKind.Mlp20 or OptimizerKind.Mlp28 ? 4 : 0;
    private readonly int _tensor = kind == OptimizerKind.Mlp28 ? 8 : 0;

    private int TensorRow => _normalized + Timescales.Length + _task;

    private int InputCount => TensorRow + _tensor;

    private int Bias1 => InputCount * Hidden;

    private int Weights2 => Bias1 + Hidden;

    private int Bias2 => Weights2 + (2 * Hidden);

    public int ThetaLength => Bias2 + 2;

    private double StepScale(long t)
    {
        double remaining = settings.StepDecay == StepDecay.Linear ? (settings.InnerSteps - (double)t) / settings.InnerSteps : 1;
        return settings.StepScale * Math.Max(remaining, 0);
    }

    private double Time(long t) =>
        settings.TimeInputs == TimeInputs.Horizon ? Math.Min(1000, 1000 * (double)t / settings.InnerSteps) : t;

    /// <summary>(w(t+1), m(t+1)) in padded layout.</summary>
    public (double[] W, double[] M) Update(double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double[] mNext = Momenta(g, m), next = [.. w];
        foreach (var tensor in layout.Tensors)
        {
            var inputs = Inputs(tensor, t, g, w, mNext);
            for (int i = 0; i < tensor.Length; i++)
            {
                var (_, direction, magnitude) = Evaluate(theta, inputs.Normalized, i);
                next[tensor.Offset + i] -= StepScale(t) * direction * Math.Exp(settings.ExponentScale * magnitude);
            }
        }

        return (next, mNext);
    }

    /// <summary>Cotangents of θ, g, w(t), m(t) from those of w(t+1), m(t+1).</summary>
    public (double[] Theta, double[] G, double[] W, double[] M) Pull(
        double[] theta, long t, double[] g, double[] w, double[] m, double[] wNextCotangent, double[] mNextCotangent)
    {
        double[] mNext = Momenta(g, m), thetaBar = new double[theta.Length], gBar = new double[g.Length], wBar = [.. wNextCotangent],
        mBar = [.. mNextCotangent];
        foreach (var tensor in layout.Tensors)
        {
            var (raw, scales, normalized) = Inputs(tensor, t, g, w, mNext);
            double[][] inputBar = [.. raw.Select(_ => new double[tensor.Length])];
            for (int i = 0; i < tensor.Length; i++)
                PullParameter(theta, StepScale(t), normalized, i, wNextCotangent[tensor.Offset + i], thetaBar, inputBar);
            for (int row = 0; row < _normalized; row++)
            {
                double dot = inputBar[row].Zip(raw[row], (a, b) => a * b).Sum(), r = scales[row];
                for (int i = 0; i < tensor.Length; i++)
                    PullInput(
                        row, tensor.Offset + i, (r * inputBar[row][i]) - (r * r * r * raw[row][i] * dot / tensor.Length), gBar, wBar, mBar);
            }

            for (int f = 0; f < _tensor - 1; f++)
            {
                // ¼ log10 (1e-10 + mean x²) has the derivative ½ x / (ln 10 · n · (1e-10 + mean x²)).
                double sum = inputBar[TensorRow + f].Sum(), floor = 1e-10 + raw[f].Average(x => x * x);
                for (int i = 0; i < tensor.Length; i++)
                    PullInput(f, tensor.Offset + i, sum * 0.5 * raw[f][i] / (Math.Log(10) * tensor.Length * floor), gBar, wBar, mBar);
            }
        }

        for (int f = 0; f < Decays.Length; f++)
        {
            for (int i = 0; i < g.Length; i++)
            {
                gBar[i] += (1 - Decays[f]) * mBar[(f * g.Length) + i];
                mBar[(f * g.Length) + i] *= Decays[f];
            }
        }

        return (thetaBar, gBar, wBar, mBar);
    }

    private void PullParameter(
        double[] theta, double stepScale, double[][] inputs, int i, double wBar, double[] thetaBar, double[][] inputBar)
    {
        var (h, direction, magnitude) = Evaluate(theta, inputs, i);
        double size = stepScale * Math.Exp(settings.ExponentScale * magnitude), directionBar = -wBar * size,
        magnitudeBar = -wBar * size * direction * settings.ExponentScale;
        thetaBar[Bias2] += directionBar;
        thetaBar[Bias2 + 1] += magnitudeBar;
        for (int j = 0; j < Hidden; j++)
        {
            thetaBar[Weights2 + (2 * j)] += h[j] * directionBar;
            thetaBar[Weights2 + (2 * j) + 1] += h[j] * magnitudeBar;
            if (h[j] <= 0) continue;
            double unitBar = (theta[Weights2 + (2 * j)] * directionBar) + (theta[Weights2 + (2 * j) + 1] * magnitudeBar);
            thetaBar[Bias1 + j] += unitBar;
            for (int row = 0; row < InputCount; row++)
            {
                thetaBar[(row * Hidden) + j] += unitBar * inputs[row][i];
                inputBar[row][i] += unitBar * theta[(row * Hidden) + j];
            }
        }
    }

    private void PullInput(int row, int index, double bar, double[] gBar, double[] wBar, double[] mBar)
    {
        int length = gBar.Length;
        if (row == 0) gBar[index] += bar;
        else if (row != 6 && !settings.MomentumInputs) return;
        else if (row <= 5) mBar[((row - 1) * length) + index] += kind == OptimizerKind.Mlp31 ? 1000 * bar : bar;
        else if (row == 6) wBar[index] += bar;
        else if (row <= 11) mBar[((row - 7) * length) + index] += bar;
    }

    private double[] Momenta(double[] g, double[] m) =>
        [.. Decays.SelectMany((b, f) => g.Select((x, i) => (b * m[(f * g.Length) + i]) + ((1 - b) * x)))];

    /// <summary>Every input of every parameter of a tensor: as it is, its normaliser, and normalised.</summary>
    private (double[][] Raw, double[] Scales, double[][] Normalized) Inputs(
        ParameterTensor tensor, long t, double[] g, double[] w, double[] m)
    {
        double[] Of(Func<int, double> value) => [.. Enumerable.Range(tensor.Offset, tensor.Length).Select(value)];
        double[] Momentum(int f, double scale) => Of(i => settings.MomentumInputs ? scale * m[(f * g.Length) + i] : 0);
        List<double[]> raw = [Of(i => g[i])];
        for (int f = 0; f < Decays.Length; f++) raw.Add(Momentum(f, kind == OptimizerKind.Mlp31 ? 1000 : 1));
        raw.Add(Of(i => w[i]));
        if (kind == OptimizerKind.Mlp31)
        {
            for (int f = 0; f < Decays.Length; f++) raw.Add(Momentum(f, 1));
            for (int f = 0; f < Decays.Length; f++) raw.Add(Of(_ => 0));
            for (int f = 0; f < Decays.Length; f++) raw.Add(Of(_ => 1000));
        }

        double[] scales = [.. raw.Select(x => 1 / Math.Sqrt(1e-5 + x.Average(v => v * v)))];
        List<double[]> normalized = [.. raw.Select((x, row) => x.Select(v => v * scales[row]).ToArray())];
        List<double> shared =
        [
            .. Timescales.Select(eta => settings.TimeInputs == TimeInputs.None ? 0 : Math.Tanh((Time(t) / eta) - 1)),
        ];
        double steps = settings.InnerSteps, images = settings.TrainingImages;
        if (_task > 0)
        {
            double size = images == 0 ? 0 : Math.Log10(images) - 3, passes = images == 0 ? 0 : t * settings.MinibatchSize / images;
            shared.AddRange([Math.Min(1, t / steps), Math.Log10(steps) - 3, size, Math.Log10(1 + passes)]);
        }

        if (_tensor > 0)
        {
            shared.AddRange(raw.Take(7).Select(x => (0.25 * Math.Log10(1e-10 + x.Average(v => v * v))) + 0.5));
            shared.Add((0.25 * Math.Log10(tensor.Length)) - 0.5);
        }

        foreach (double value in shared)
        {
            raw.Add(Of(_ => value));
            normalized.Add(raw[^1]);
        }

        return ([.. raw], scales, [.. normalized]);
    }

    private (double[] H, double Direction, double Magnitude) Evaluate(double[] theta, double[][] inputs, int i)
    {
        double[] h = new double[Hidden];
        double direction = theta[Bias2], magnitude = theta[Bias2 + 1];
        for (int j = 0; j < Hidden; j++)
        {
            h[j] = theta[Bias1 + j];
            for (int row = 0; row < InputCount; row++) h[j] += theta[(row * Hidden) + j] * inputs[row][i];
            h[j] = Math.Max(0, h[j]);
            direction += h[j] * theta[Weights2 + (2 * j)];
            magnitude += h[j] * theta[Weights2 + (2 * j) + 1];
        }

        return (h, direction, magnitude);
    }
}
