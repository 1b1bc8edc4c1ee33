using System.Text.Json;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// Outer-updates from given samples: means, variances and eq. (1) of each batch, and θ after it, with and without the clip, in both forms
/// of Adam.
/// </summary>
internal static class MergeCheck
{
    public static void Run(GoldenCase golden)
    {
        float[] theta = GoldenCase.Floats(golden.Root.GetProperty("theta"));
        var batches = golden.Root.GetProperty("rounds").EnumerateArray().Select(r => Gradients(r, theta.Length)).ToArray();
        OuterUpdate[] updates = [];
        foreach (var run in golden.Expected.GetProperty("adam").EnumerateArray())
        {
            double clip = GoldenCase.Has(run, "clip") ? run.GetProperty("clip").GetDouble() : 0;
            string form = run.GetProperty("form").GetString()!;
            updates = Updates(theta, batches, formation => Options(golden.Root.GetProperty("adam"), form, clip, formation));
            CompareTheta(golden, updates, run);
        }

        // The merge depends on the samples alone: the updates of any run show it.
        int index = 0;
        foreach (var expected in golden.Expected.GetProperty("rounds").EnumerateArray())
            CompareMerge(golden, updates[index++].Merged, expected);
    }

    internal static OuterUpdateOptions Options(JsonElement adam, string form, double clip, IGradientFormation formation) => new()
    {
        Formation = formation,
        Estimator = EstimatorRegistry.Find(Estimator.Merged),
        GradientClip = clip,
        FirstLearningRate = adam.GetProperty("lr").GetDouble(),
        Optimizer = new OuterAdam(
            adam.GetProperty("beta1").GetDouble(),
            adam.GetProperty("beta2").GetDouble(),
            adam.GetProperty("eps").GetDouble(),
            form switch
            {
                "kingma_ba" => AdamForm.KingmaBa,
                "epsilon_hat" => AdamForm.EpsilonHat,
                _ => throw new FormatException($"unknown form of Adam '{form}'"),
            }),
    };

    private static GivenGradients Gradients(JsonElement round, int length)
    {
        int samples = round.GetProperty("shape")[0].GetInt32();
        float[] rp = GoldenCase.Floats(round.GetProperty("g_rp")), es = GoldenCase.Floats(round.GetProperty("g_es"));
        return new GivenGradients([.. Enumerable.Range(0, samples).Select(s => (IReadOnlyList<EstimatorGradient>)[
            new EstimatorGradient(EstimatorId.Rp, rp.AsMemory(s * length, length)),
            new EstimatorGradient(EstimatorId.Es, es.AsMemory(s * length, length))])]);
    }

    private static OuterUpdate[] Updates(float[] theta, GivenGradients[] batches, Func<IGradientFormation, OuterUpdateOptions> options)
    {
        OuterState? state = null;
        var updates = new OuterUpdate[batches.Length];
        for (int n = 0; n < batches.Length; n++)
        {
            var settings = options(batches[n]);
            state ??= OuterState.Start(new ThetaSnapshot(0, theta), settings.Optimizer);
            updates[n] = OuterUpdater.Step(state, batches[n].Samples, settings);
            state = updates[n].State;
        }

        return updates;
    }

    private static void CompareMerge(GoldenCase golden, MergedGradient merged, JsonElement expected)
    {
        void Compare(string name, double[] actual) => golden.CompareEach(name, actual, GoldenCase.Doubles(expected.GetProperty(name)));
        Compare("mean_rp", merged[EstimatorId.Rp].Statistics.Mean);
        Compare("var_rp", merged[EstimatorId.Rp].Statistics.Variance);
        Compare("mean_es", merged[EstimatorId.Es].Statistics.Mean);
        Compare("var_es", merged[EstimatorId.Es].Statistics.Variance);
        Compare("merged", merged.Gradient);
        Compare("weight_es", merged[EstimatorId.Es].Weight);
    }

    private static void CompareTheta(GoldenCase golden, OuterUpdate[] updates, JsonElement run)
    {
        for (int n = 1; n <= updates.Length; n++)
        {
            string name = $"theta_after_{n}";
            if (!GoldenCase.Has(run, name)) continue;
            double[] theta = [.. updates[n - 1].State.Theta.Values.ToArray().Select(x => (double)x)];
            golden.CompareEach(name, theta, GoldenCase.Doubles(run.GetProperty(name)));
        }
    }
}
