namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

/// <summary>The rules of hand-designed optimizers in double, written from their definitions.</summary>
internal static class DoubleRules
{
    /// <summary>Names of the hyper-parameters that regularisation and decay add, and values at which each of them matters.</summary>
    public static readonly (string Name, double Value)[] RegDecay =
        [("linearDecay", 2e-4), ("exponentialDecay", 1e-3), ("l1", 0.01), ("l2", 0.05)];

    /// <summary>w and m after an update, in which <paramref name="decay"/> is rate(t) / rate.</summary>
    public delegate (double[] W, double[] M) Rule(double[] theta, double decay, long t, double[] g, double[] w, double[] m);

    public static (double[] W, double[] M) Sgd(double[] theta, double decay, long t, double[] g, double[] w, double[] m) =>
        ([.. w.Zip(g, (x, slope) => x - (Math.Exp(theta[0]) * decay * slope))], m);

    public static Rule Momentum(bool nesterov) => (theta, decay, t, g, w, m) =>
    {
        double rate = Math.Exp(theta[0]) * decay, mu = 1 - Math.Exp(theta[1]);
        double[] v = [.. m.Zip(g, (x, slope) => (mu * x) + slope)];
        return ([.. w.Select((x, i) => x - (rate * (nesterov ? g[i] + (mu * v[i]) : v[i])))], v);
    };

    public static (double[] W, double[] M) RmsProp(double[] theta, double decay, long t, double[] g, double[] w, double[] m)
    {
        double rate = Math.Exp(theta[0]) * decay, epsilon = Math.Exp(theta[1]);
        double[] v = [.. m.Zip(g, (x, slope) => (0.9 * x) + (0.1 * slope * slope))];
        return ([.. w.Select((x, i) => x - (rate * g[i] / Math.Sqrt(v[i] + epsilon)))], v);
    }

    public static (double[] W, double[] M) Adam(double[] theta, double decay, long t, double[] g, double[] w, double[] m)
    {
        double rate = Math.Exp(theta[0]) * decay, epsilon = Math.Exp(theta[3]);
        double beta1 = 1 - Math.Exp(theta[1]), beta2 = 1 - Math.Exp(theta[2]);
        double[] first = [.. g.Select((x, i) => (beta1 * m[i]) + ((1 - beta1) * x))];
        double[] second = [.. g.Select((x, i) => (beta2 * m[g.Length + i]) + ((1 - beta2) * x * x))];
        double bias1 = 1 - Math.Pow(beta1, t + 1), bias2 = 1 - Math.Pow(beta2, t + 1);
        return ([.. w.Select((x, i) => x - (rate * first[i] / bias1 / (Math.Sqrt(second[i] / bias2) + epsilon)))], [.. first, .. second]);
    }

    /// <summary>A rule with regularisation and decay (§4.4), whose four hyper-parameters follow the rule's in θ.</summary>
    public static Rule WithRegDecay(Rule rule) => (theta, decay, t, g, w, m) =>
    {
        double[] own = [.. theta[^4..].Select(Math.Exp)];
        double factor = Math.Max(0, 1 - (own[0] * t)) * Math.Exp(-own[1] * t);
        double[] regularized = [.. g.Zip(w, (slope, x) => slope + (own[2] * Math.Sign(x)) + (own[3] * x))];
        return rule(theta[..^4], decay * factor, t, regularized, w, m);
    };
}
