using System.Text.Json;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// One truncation of a hand-designed optimizer: L, the end, and the derivative of L with respect to each hyper-parameter itself.
/// </summary>
internal static class HyperTruncationCheck
{
    private const string Rate = "rate";

    /// <summary>What stands in θ for a rate, decay or weight of 0, which has no logarithm: without effect in float.</summary>
    private const double AlmostZero = 1e-25;

    public static void Run(GoldenCase golden)
    {
        var optimizer = golden.Root.GetProperty("optimizer");
        var values = optimizer.GetProperty("hyper_parameters");
        var specification = Specification(optimizer.GetProperty("base").GetString()!, values);
        var layout = OptimizerFamilies.Of(specification.Optimizer).Theta;
        string[] given = [.. values.EnumerateObject().Select(v => v.Name)];
        if (given.Length != layout.Length)
        {
            throw new FormatException(
                $"the case has {given.Length} hyper-parameters, '{specification.Optimizer}' has {layout.Length}: "
                + string.Join(", ", layout.HyperParameters.Select(h => h.Name)));
        }

        float[] theta = layout.Point([.. values.EnumerateObject().Select(v => (NameOf(v.Name), Value(layout, v)))]);
        using var truncation = new GoldenTruncation(
            golden.Root, golden.Root, TruncationCheck.Options(golden.Root, "before_update"), specification);
        var (loss, thetaGradient, finalW) = truncation.Unroll(theta);
        double[] gradient = layout.ValueGradient(theta, thetaGradient);
        golden.Compare("L", loss, golden.Expected.GetProperty("L").GetDouble());
        if (!TruncationCheck.EndsNotFinite(golden.Expected, finalW))
            golden.Compare("w_final", finalW, golden.Expected.GetProperty("w_final"));
        foreach (string name in given)
            golden.CompareIfGiven(name, gradient[layout.IndexOf(NameOf(name))], golden.Expected.GetProperty("gradient").GetProperty(name));
    }

    private static RunSpecification Specification(string rule, JsonElement values)
    {
        bool regDecay = GoldenCase.Has(values, "linear_decay");
        var kind = (rule, regDecay) switch
        {
            ("sgd", false) => OptimizerKind.Sgd,
            ("momentum" or "nesterov", false) => OptimizerKind.Momentum,
            ("momentum" or "nesterov", true) => OptimizerKind.MomentumRegDecay,
            ("rmsProp", false) => OptimizerKind.RmsProp,
            ("rmsProp", true) => OptimizerKind.RmsPropRegDecay,
            ("adam", false) => OptimizerKind.Adam,
            ("adam", true) => OptimizerKind.AdamRegDecay,
            _ => throw new FormatException($"unknown rule '{rule}'{(regDecay ? " with regularisation and decay" : "")}"),
        };
        return new RunSpecification { Optimizer = kind, Nesterov = rule == "nesterov" };
    }

    /// <summary>Name in the engine: "learningRate" for rate, "linearDecay" for linear_decay.</summary>
    private static string NameOf(string name) => name == Rate
        ? "learningRate"
        : string.Concat(name.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static double Value(ThetaLayout layout, JsonProperty given)
    {
        double value = given.Value.GetDouble();
        bool isLog = layout.HyperParameters[layout.IndexOf(NameOf(given.Name))].Transform == HyperParameterTransform.Log;
        return value == 0 && isLog ? AlmostZero : value;
    }
}
