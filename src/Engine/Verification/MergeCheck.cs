using System.Text.Json;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>Mean, variance and eq. (1) over batches of given samples; Adam over all of them, with and without the clip, in both forms.</summary>
internal static class MergeCheck
{
    public static void Run(GoldenCase golden)
    {
        float[] theta = GoldenCase.Floats(golden.Root.GetProperty("theta"));
        var rounds = golden.Root.GetProperty("rounds").EnumerateArray().Select(r => Merge(r, theta.Length)).ToArray();
        int index = 0;
        foreach (var expected in golden.Expected.GetProperty("rounds").EnumerateArray()) CompareRound(golden, rounds[index++], expected);
        foreach (var run in golden.Expected.GetProperty("adam").EnumerateArray()) CompareAdam(golden, theta, rounds, run);
    }

    internal static OuterAdamOptions Adam(JsonElement adam, string form) => new(
        adam.GetProperty("lr").GetDouble(),
        adam.GetProperty("beta1").GetDouble(),
        adam.GetProperty("beta2").GetDouble(),
        adam.GetProperty("eps").GetDouble(),
        form switch
        {
            "kingma_ba" => AdamForm.KingmaBa,
            "epsilon_hat" => AdamForm.EpsilonHat,
            _ => throw new FormatException($"unknown form of Adam '{form}'"),
        });

    internal static GradientSample Sample(long index, ReadOnlyMemory<float> rp, ReadOnlyMemory<float> es) => new()
    {
        Identity = new SampleIdentity(index, 0),
        ThetaVersion = 0,
        StartStep = 0,
        Steps = 1,
        PositiveLoss = 0,
        NegativeLoss = 0,
        RpComputed = true,
        RpValid = true,
        GradientRp = rp,
        GradientEs = es,
        ProblemFinished = false,
    };

    private static MergedGradient Merge(JsonElement round, int length)
    {
        int samples = round.GetProperty("shape")[0].GetInt32();
        float[] rp = GoldenCase.Floats(round.GetProperty("g_rp")), es = GoldenCase.Floats(round.GetProperty("g_es"));
        return GradientMerger.Merge(
            [.. Enumerable.Range(0, samples).Select(s => Sample(s, rp.AsMemory(s * length, length), es.AsMemory(s * length, length)))], length, Estimator.Merged);
    }

    private static void CompareRound(GoldenCase golden, MergedGradient merged, JsonElement expected)
    {
        void Compare(string name, double[] actual) => golden.CompareEach(name, actual, GoldenCase.Doubles(expected.GetProperty(name)));
        Compare("mean_rp", merged.MeanRp);
        Compare("var_rp", merged.VarianceRp);
        Compare("mean_es", merged.MeanEs);
        Compare("var_es", merged.VarianceEs);
        Compare("merged", merged.Gradient);
        Compare("weight_es", merged.WeightEs);
    }

    private static void CompareAdam(GoldenCase golden, float[] start, MergedGradient[] rounds, JsonElement run)
    {
        var options = Adam(golden.Root.GetProperty("adam"), run.GetProperty("form").GetString()!);
        double clip = GoldenCase.Has(run, "clip") ? run.GetProperty("clip").GetDouble() : 0;
        var state = OuterAdamState.Zero(start.Length);
        float[] theta = start;
        for (int n = 1; n <= rounds.Length; n++)
        {
            (theta, state) = OuterAdam.Step(theta, rounds[n - 1].Gradient, clip, state, options);
            string name = $"theta_after_{n}";
            if (GoldenCase.Has(run, name)) golden.CompareEach(name, [.. theta.Select(x => (double)x)], GoldenCase.Doubles(run.GetProperty(name)));
        }
    }
}
