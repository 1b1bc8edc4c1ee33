using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

/// <summary>The baselines in double, written from their definitions. θ ends with weight decay and share of warm-up.</summary>
internal static class DoubleBaselines
{
    /// <summary>w and m after an update of T inner-steps.</summary>
    public delegate (double[] W, double[] M) Rule(
        ParameterLayout layout, long steps, double[] theta, long t, double[] g, double[] w, double[] m);

    public static double Cosine(double share, long t, long steps)
    {
        double warmup = Math.Round(share * steps);
        return t < warmup ? t / warmup : 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (t - warmup) / Math.Max(1, steps - warmup))));
    }

    public static Rule AdamW(bool nesterov) => (layout, steps, theta, t, g, w, m) =>
    {
        double rate = Math.Exp(theta[0]) * Cosine(theta[5], t, steps);
        var (direction, state) = Adam(theta[1..4], nesterov, t, g, m);
        return ([.. w.Zip(direction, (x, d) => x - (rate * (d + (theta[4] * x))))], state);
    };

    public static (double[] W, double[] M) Lion(
        ParameterLayout layout, long steps, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double rate = Math.Exp(theta[0]) * Cosine(theta[4], t, steps), beta1 = 1 - Math.Exp(theta[1]), beta2 = 1 - Math.Exp(theta[2]);
        double[] sign = [.. g.Zip(m, (x, momentum) => (double)Math.Sign((beta1 * momentum) + ((1 - beta1) * x)))];
        return (
            [.. w.Zip(sign, (x, s) => x - (rate * (s + (theta[3] * x))))],
            [.. g.Zip(m, (x, momentum) => (beta2 * momentum) + ((1 - beta2) * x))]);
    }

    /// <summary>By x, y = w and z; the state is z − x and v.</summary>
    public static (double[] W, double[] M) ScheduleFreeAdamW(
        ParameterLayout layout, long steps, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        int n = g.Length;
        double warmup = Math.Round(theta[5] * steps), beta1 = 1 - Math.Exp(theta[1]), beta2 = 1 - Math.Exp(theta[2]);
        double Factor(long step) => warmup == 0 ? 1 : Math.Min(1, step / warmup);
        double rate = Math.Exp(theta[0]) * Factor(t + 1);
        double c = Math.Pow(Factor(t + 1), 2) / Enumerable.Range(1, (int)t + 1).Sum(i => Math.Pow(Factor(i), 2));
        double[] x = [.. w.Zip(m, (y, s) => y - ((1 - beta1) * s))], z = [.. x.Zip(m, (average, s) => average + s)];
        double[] v = [.. g.Select((slope, i) => (beta2 * m[n + i]) + ((1 - beta2) * slope * slope))];
        for (int i = 0; i < n; i++)
        {
            double scaled = g[i] / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, t + 1))) + Math.Exp(theta[3]));
            z[i] -= rate * (scaled + (theta[4] * w[i]));
            x[i] = ((1 - c) * x[i]) + (c * z[i]);
        }

        return ([.. z.Zip(x, (a, b) => ((1 - beta1) * a) + (beta1 * b))], [.. z.Zip(x, (a, b) => a - b), .. v]);
    }

    public static (double[] W, double[] M) Muon(
        ParameterLayout layout, long steps, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double factor = Cosine(theta[7], t, steps), mu = 1 - Math.Exp(theta[1]), rate = Math.Exp(theta[0]) * factor;
        double adamRate = Math.Exp(theta[2]) * factor;
        var (direction, state) = Adam(theta[3..6], nesterov: false, t, g, m);
        double[] next = [.. w.Zip(direction, (x, d) => x - (adamRate * (d + (theta[6] * x))))];
        ParameterTensor[] weights = [.. layout.Tensors.Where(tensor => tensor.Shape.Length > 1)];
        foreach (var tensor in weights.Skip(1).SkipLast(1))
        {
            int outputs = layout.OutputsFirst ? tensor.Shape[0] : tensor.Shape[^1], inputs = tensor.Length / outputs;
            int rows = layout.OutputsFirst ? outputs : inputs, from = tensor.Offset;
            double[,] update = new double[rows, tensor.Length / rows];
            for (int i = 0; i < tensor.Length; i++)
            {
                double momentum = (mu * m[from + i]) + ((1 - mu) * g[from + i]);
                (state[from + i], state[g.Length + from + i]) = (momentum, m[g.Length + from + i]);
                update[i / update.GetLength(1), i % update.GetLength(1)] = (mu * momentum) + ((1 - mu) * g[from + i]);
            }

            double scale = Math.Sqrt(Math.Max(1, outputs / (double)inputs));
            double[] change = [.. Orthogonalized(update).Cast<double>()];
            for (int i = 0; i < tensor.Length; i++)
                next[from + i] = w[from + i] - (rate * ((scale * change[i]) + (theta[6] * w[from + i])));
        }

        return (next, state);
    }

    /// <summary>Five steps X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X from X = M / (‖M‖ + 1e-7).</summary>
    public static double[,] Orthogonalized(double[,] matrix)
    {
        int rows = matrix.GetLength(0), columns = matrix.GetLength(1);
        double norm = Math.Sqrt(matrix.Cast<double>().Sum(x => x * x)) + 1e-7;
        double[,] x = Made(rows, columns, (i, j) => matrix[i, j] / norm);
        for (int step = 0; step < 5; step++)
        {
            double[,] gram = Product(x, Made(columns, rows, (i, j) => x[j, i])), first = Product(gram, x), second = Product(gram, first);
            x = Made(rows, columns, (i, j) => (3.4445 * x[i, j]) - (4.7750 * first[i, j]) + (2.0315 * second[i, j]));
        }

        return x;
    }

    /// <summary>Bias-corrected direction of Adam, and both moments. θ = (ln(1 − β1), ln(1 − β2), ln ε).</summary>
    private static (double[] Direction, double[] State) Adam(double[] theta, bool nesterov, long t, double[] g, double[] m)
    {
        int n = g.Length;
        double beta1 = 1 - Math.Exp(theta[0]), beta2 = 1 - Math.Exp(theta[1]), epsilon = Math.Exp(theta[2]);
        double bias1 = 1 - Math.Pow(beta1, t + 1), bias2 = 1 - Math.Pow(beta2, t + 1);
        double[] first = [.. g.Select((x, i) => (beta1 * m[i]) + ((1 - beta1) * x))];
        double[] second = [.. g.Select((x, i) => (beta2 * m[n + i]) + ((1 - beta2) * x * x))];
        double[] ahead = nesterov ? [.. g.Select((x, i) => (beta1 * first[i]) + ((1 - beta1) * x))] : first;
        return ([.. ahead.Select((x, i) => x / bias1 / (Math.Sqrt(second[i] / bias2) + epsilon))], [.. first, .. second]);
    }

    private static double[,] Product(double[,] a, double[,] b) => Made(
        a.GetLength(0), b.GetLength(1), (i, j) => Enumerable.Range(0, a.GetLength(1)).Sum(k => a[i, k] * b[k, j]));

    private static double[,] Made(int rows, int columns, Func<int, int, double> element)
    {
        double[,] made = new double[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) made[i, j] = element(i, j);
        return made;
    }
}
