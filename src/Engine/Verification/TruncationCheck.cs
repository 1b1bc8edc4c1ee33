using System.Text.Json;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// One truncation of the antithetic pair that trains: L⁺, L⁻, g_rp, g_es, the end of the positive side; in both loss conventions, with the
/// inner cap if the case has it.
/// </summary>
internal static class TruncationCheck
{
    public static void Run(GoldenCase golden)
    {
        var root = golden.Root;
        double sigma = root.GetProperty("sigma").GetDouble();
        float[] theta = GoldenCase.Floats(root.GetProperty("theta")), e = GoldenCase.Floats(root.GetProperty("e"));
        Variant(golden, golden.Expected, theta, e, sigma, capInnerGradient: false);
        if (GoldenCase.Has(golden.Expected, "inner_capped"))
            Variant(golden, golden.Expected.GetProperty("inner_capped"), theta, e, sigma, capInnerGradient: true);
    }

    private static void Variant(GoldenCase golden, JsonElement expected, float[] theta, float[] e, double sigma, bool capInnerGradient)
    {
        var options = new EstimatorOptions(new GivenPerturbations(sigma, _ => e), theta.Length);
        var formation = EstimatorRegistry.Find(Estimator.Merged).Method.CreateFormation(options);
        foreach (string convention in (ReadOnlySpan<string>)["before_update", "after_update"])
        {
            if (!GoldenCase.Has(expected, convention)) continue;
            using var truncation = new GoldenTruncation(
                golden.Root, golden.Root, Options(golden.Root, convention) with { CapInnerGradient = capInnerGradient });
            var measured = truncation.Measure(theta, options);
            var (sample, x) = (measured.Sample, expected.GetProperty(convention));
            golden.Compare("L", sample.Losses[0], x.GetProperty("L_plus").GetDouble());
            golden.Compare("L", sample.Losses[1], x.GetProperty("L_minus").GetDouble());
            var gradients = formation.Gradients(sample).ToDictionary(g => g.Estimator, g => g.Values);
            if (!gradients.TryGetValue(EstimatorId.Rp, out var gradientRp))
                throw new FormatException("g_rp is finite in the case and not in the engine");
            golden.Compare("g_rp", gradientRp.Span, x.GetProperty("g_rp"));
            double coefficient = x.GetProperty("g_es_coefficient").GetDouble();
            golden.Compare("g_es", Doubles(gradients[EstimatorId.Es].Span), [.. e.Select(v => coefficient * v)]);
            if (GoldenCase.Has(x, "g_es")) golden.Compare("g_es", gradients[EstimatorId.Es].Span, x.GetProperty("g_es"));
            CompareEnd(golden, expected, truncation, measured);
        }
    }

    /// <summary>The outer minibatches are the step's own where the case lists the same rows of the same split.</summary>
    internal static UnrollOptions Options(JsonElement batches, string convention)
    {
        bool own = batches.GetProperty("inner_batches").GetRawText() == batches.GetProperty("outer_batches").GetRawText();
        return new UnrollOptions
        {
            LossAt = convention == "before_update" ? LossConvention.BeforeUpdate : LossConvention.AfterUpdate,
            Objective = own ? OuterObjective.Train : OuterObjective.Valid,
        };
    }

    /// <summary>Whether the case ends in a w that is not finite, as then the engine must.</summary>
    internal static bool EndsNotFinite(JsonElement expected, float[] finalW)
    {
        if (GoldenCase.Has(expected, "w_final")) return false;
        return finalW.All(float.IsFinite)
            ? throw new FormatException("the case ends in a state that is not finite, the engine in a finite one")
            : true;
    }

    private static void CompareEnd(GoldenCase golden, JsonElement expected, GoldenTruncation truncation, GoldenSample sample)
    {
        if (EndsNotFinite(expected, sample.FinalW)) return;
        double[] reference = GoldenCase.Doubles(expected.GetProperty("w_final"));
        golden.Compare("w_final", sample.FinalW, expected.GetProperty("w_final"));
        golden.Compare("m_final", sample.FinalM, expected.GetProperty("m_final"));
        golden.Compare(
            "w_change",
            [.. sample.FinalW.Select((w, i) => (double)w - truncation.StartW[i])],
            [.. reference.Select((w, i) => w - truncation.StartW[i])]);
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++) doubles[i] = values[i];
        return doubles;
    }
}
