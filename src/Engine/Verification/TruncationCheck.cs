using System.Text.Json;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>One antithetic truncation: L⁺, L⁻, g_rp, g_es, the end of the positive sequence; in both loss conventions, with the inner cap if the case has it.</summary>
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
        foreach (string convention in (ReadOnlySpan<string>)["before_update", "after_update"])
        {
            if (!GoldenCase.Has(expected, convention)) continue;
            using var pair = new GoldenPair(golden.Root, golden.Root, Options(golden.Root, convention) with { CapInnerGradient = capInnerGradient });
            var sample = pair.Sample(theta, e);
            var x = expected.GetProperty(convention);
            golden.Compare("L", sample.PositiveLoss, x.GetProperty("L_plus").GetDouble());
            golden.Compare("L", sample.NegativeLoss, x.GetProperty("L_minus").GetDouble());
            golden.Compare("g_rp", sample.GradientRp, GoldenCase.Doubles(x.GetProperty("g_rp")));
            double coefficient = x.GetProperty("g_es_coefficient").GetDouble();
            golden.Compare("g_es", sample.GradientEs(e, sigma), [.. e.Select(v => coefficient * v)]);
            if (GoldenCase.Has(x, "g_es")) golden.Compare("g_es", sample.GradientEs(e, sigma), GoldenCase.Doubles(x.GetProperty("g_es")));
            CompareEnd(golden, expected, pair, sample);
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

    private static void CompareEnd(GoldenCase golden, JsonElement expected, GoldenPair pair, GoldenPairSample sample)
    {
        if (!GoldenCase.Has(expected, "w_final"))
        {
            if (sample.FinalW.All(float.IsFinite)) throw new FormatException("the case ends in a state that is not finite, the engine in a finite one");
            return;
        }

        double[] reference = GoldenCase.Doubles(expected.GetProperty("w_final"));
        golden.Compare("w_final", sample.FinalW, expected.GetProperty("w_final"));
        golden.Compare("m_final", sample.FinalM, expected.GetProperty("m_final"));
        golden.Compare(
            "w_change",
            [.. sample.FinalW.Select((w, i) => (double)w - pair.StartW[i])],
            [.. reference.Select((w, i) => w - pair.StartW[i])]);
    }
}
