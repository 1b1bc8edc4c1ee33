using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace LoptCluster.Engine.Tests.ThetaFiles;

/// <summary>The family whose vectors are to see a mistake, what is right in the port, and what is wrong in its place.</summary>
public static partial class PortMistakes
{
    /// <summary>Families with a warm-up, a constant of which is changed.</summary>
    private static readonly string[] Warmed = ["adamW", "nAdamW", "lion", "muon"];

    public static TheoryData<string, string, string> All { get; } =
    [
        .. InAList("BETAS", b => 1 - (1.1 * (1 - b))),
        .. InAList("ETAS", e => 1.1 * e),
        .. Mlp.Select(m => new TheoryDataRow<string, string, string>(m.Family, m.Right, m.Wrong)),
        .. HandDesigned.Select(m => new TheoryDataRow<string, string, string>(m.Family, m.Right, m.Wrong)),
        .. Warmed.Select(f => new TheoryDataRow<string, string, string>(f, "t < W ? t / W", "t < W ? (t + 1) / W")),
        .. Warmed.Select(f => new TheoryDataRow<string, string, string>(f, "0.5 * (1 + Math.cos(", "0.5 * (1.1 + Math.cos(")),
    ];

    /// <summary>Mistakes that golden cases see, which have networks; the vectors of cards are of single tensors.</summary>
    public static TheoryData<string, string, string> OfNetworks { get; } = new()
    {
        { "38_schedule_free_adamw", "x - share * state[0][j]", "x" },
        { "38_schedule_free_adamw", "valueOf.beta1(", "1 - valueOf.beta1(" },
        { "40_muon", "slice(1, -1)", "slice(0, -1)" },
        { "40_muon", "slice(1, -1)", "slice(1)" },
        { "40_muon", "outputsFirst ? [outputs, inputs] : [inputs, outputs]", "[outputs, inputs]" },
        { "40_muon", "Math.max(1, outputs / inputs)", "outputs / inputs" },
        { "40_muon", "Math.max(1, outputs / inputs)", "Math.max(1, inputs / outputs)" },
        { "40_muon", "i < 5", "i < 6" },
        { "40_muon", "3.4445", "3.4545" },
        { "40_muon", "-4.775", "-4.785" },
        { "40_muon", "2.0315", "2.0415" },
        { "40_muon", "average(m, j, h.momentum, x) + h.momentum * x)", "average(m, j, h.momentum, x) + x)" },
        { "40_muon", "(1 - h.momentum) * average(m, j, h.momentum, x) + h.momentum * x", "average(m, j, h.momentum, x)" },
        { "40_muon", "scale * X[j] + h.weightDecay * w", "scale * X[j]" },
        { "40_muon", "h.rate * factor * (scale", "h.rate * (scale" },
        { "40_muon", "h.adamLearningRate * factor", "h.rate * factor" },
    };

    private static (string Family, string Right, string Wrong)[] Mlp =>
    [
        ("mlp16", "EPSILON = 1e-5", "EPSILON = 1.1e-5"),
        ("mlp16", "tau / eta - 1", "tau / eta"),
        ("mlp16", "[g, ...seen(theta, m), w].map", "[w, ...seen(theta, m), g].map"),
        ("mlp16", "...[g, ...seen(theta, m), w].map(normalized), ...timeInputs(theta, training, t)]",
            "...timeInputs(theta, training, t), ...[g, ...seen(theta, m), w].map(normalized)]"),
        ("mlp16", "const scale = stepScale *", "const scale = 1.001 * stepScale *"),
        ("mlp16", "Math.exp(exponentScale * exponent)", "Math.exp(1.01 * exponentScale * exponent)"),
        ("mlp16", "w[j] -= scale * direction", "w[j] += scale * direction"),
        ("mlp16", "sum <= 0", "sum <= -0.01"),
        ("mlp16", "W2.values[2 * h]", "W2.values[h]"),
        ("mlp16", "Math.max(0, 1 - t / training.steps)", "Math.max(0, 1 - (t + 1) / training.steps)"),
        ("mlp16", "m[j] = BETAS[i] * m[j] + (1 - BETAS[i]) * g[j];", "m[j] = BETAS[i] * m[j] + g[j];"),
        ("mlp16", "state.forEach((m, i) => m.forEach(", "state.toReversed().forEach((m, i) => m.forEach("),
        ("mlp20", "Math.log10(T) - 3", "Math.log10(T) - 3.1"),
        ("mlp20", "Math.log10(N) - 3", "Math.log10(N) - 3.1"),
        ("mlp20", "1 + t * B / N", "1 + t / N"),
        ("mlp20", "[Math.min(1, t / T),", "[1 - Math.min(1, t / T),"),
        ("mlp28", "1e-10 + meanSquare", "2e-10 + meanSquare"),
        ("mlp28", "/ 4 + 0.5", "/ 2 + 0.5"),
        ("mlp28", "Math.log10(g.length) / 4 - 0.5", "Math.log10(g.length) / 4"),
        ("mlp31", "v.map(x => 1000 * x)", "v"),
        ("mlp31", "normalized(w), ...seen(theta, m).map(normalized)", "...seen(theta, m).map(normalized), normalized(w)"),
        ("mlp31", "1000 / Math.sqrt(EPSILON + 1e6)", "0"),
    ];

    private static (string Family, string Right, string Wrong)[] HandDesigned =>
    [
        ("sgd", "h => g => h.rate * g", "h => g => -h.rate * g"),
        ("momentum", "(1 - h.momentum) * v[j] + g;", "(1 - h.momentum) * v[j] + h.momentum * g;"),
        ("rmsProp", "average(v, j, 0.1, g * g)", "average(v, j, 0.11, g * g)"),
        ("rmsProp", "Math.sqrt(average(v, j, 0.1, g * g) + h.epsilon)", "(Math.sqrt(average(v, j, 0.1, g * g)) + h.epsilon)"),
        ("adam", "total(h.beta1, t + 1), total(h.beta2, t + 1)", "total(h.beta1, t + 2), total(h.beta2, t + 1)"),
        ("adam", "total(h.beta1, t + 1), total(h.beta2, t + 1)", "total(h.beta1, t + 1), total(h.beta2, t + 2)"),
        ("adam", "/ vTotal) + h.epsilon);\n  };", "/ vTotal + h.epsilon));\n  };"),
        ("adamRegDecay", "l1 * Math.sign(w[j])", "l1 * w[j]"),
        ("adamRegDecay", "l2 * w[j]", "2 * l2 * w[j]"),
        ("adamRegDecay", "1 - (h.linearDecay ?? 0) * t", "1 - 1.1 * (h.linearDecay ?? 0) * t"),
        ("adamRegDecay", "-(h.exponentialDecay ?? 0) * t", "-1.1 * (h.exponentialDecay ?? 0) * t"),
        ("rmsPropRegDecay", "'linearDecay', 'exponentialDecay', 'l1', 'l2'", "'exponentialDecay', 'linearDecay', 'l1', 'l2'"),
        ("momentumRegDecay", "'linearDecay', 'exponentialDecay', 'l1', 'l2'", "'linearDecay', 'exponentialDecay', 'l2', 'l1'"),
        ("adamW", "direction(g, state, j) + h.weightDecay * w", "direction(g, state, j)"),
        ("nAdamW", "h.weightDecay * w);\n});", "h.weightDecay);\n});"),
        ("nAdamW", "ahead ? (1 - h.beta1) * first + h.beta1 * g : first", "first"),
        ("scheduleFreeAdamW", "n < W ? n / W : 1", "1"),
        ("scheduleFreeAdamW", "6 * n / ((n + 1) * (2 * n + 1))", "1 / n"),
        ("scheduleFreeAdamW", "(W + 1) * (2 * W + 1) / (6 * W)", "W"),
        ("scheduleFreeAdamW", "s[j] = (1 - c) * (s[j] - u)", "s[j] = (1 - c) * s[j] - u"),
        ("lion", "Math.sign((1 - h.beta1) * m[j] + h.beta1 * g)", "Math.sign(g)"),
        ("lion", "average(m, j, h.beta2, g)", "average(m, j, h.beta1, g)"),
    ];

    /// <summary>A mistake in each number of a list.</summary>
    private static IEnumerable<TheoryDataRow<string, string, string>> InAList(string name, Func<double, double> change)
    {
        string line = Regex.Match(JavaScriptPort.Source, $@"const {name} = \[.*\];").Value;
        foreach (Match number in Number().Matches(line))
        {
            string changed = change(double.Parse(number.Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
            yield return new("mlp16", line, line[..number.Index] + changed + line[(number.Index + number.Length)..]);
        }
    }

    [GeneratedRegex(@"\d[\d.]*")]
    private static partial Regex Number();
}
