using System.Text.Json;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>A whole outer-update: S truncations, then the production update without a clip.</summary>
internal static class OuterUpdateCheck
{
    public static void Run(GoldenCase golden)
    {
        var root = golden.Root;
        float[] theta = GoldenCase.Floats(root.GetProperty("theta"));
        double sigma = root.GetProperty("sigma").GetDouble();
        string convention = root.GetProperty("evaluation").GetString()!;
        JsonElement[] cases = [.. root.GetProperty("samples").EnumerateArray()];
        float[][] perturbations = [.. cases.Select(s => GoldenCase.Floats(s.GetProperty("e")))];
        var estimator = new EstimatorOptions(new GivenPerturbations(sigma, p => perturbations[(int)p.ProblemId]), theta.Length);
        GradientSample[] samples = [.. cases.Select(Measure)];
        var options = MergeCheck.Options(
            root.GetProperty("adam"), "kingma_ba", clip: 0, EstimatorRegistry.Find(Estimator.Merged).Method.CreateFormation(estimator));
        var update = OuterUpdater.Step(OuterState.Start(new ThetaSnapshot(0, theta), options.Optimizer), samples, options);
        var gradients = samples.SelectMany(options.Formation.Gradients).ToLookup(g => g.Estimator, g => Norm(g.Values.Span));

        void Compare(string name, IEnumerable<double> actual) =>
            golden.Compare(name, actual.ToArray(), GoldenCase.Doubles(golden.Expected.GetProperty(name)));
        Compare("L_plus", samples.Select(s => s.Losses[0]));
        Compare("L_minus", samples.Select(s => s.Losses[1]));
        Compare("g_rp_norm", gradients[EstimatorId.Rp]);
        Compare("g_es_norm", gradients[EstimatorId.Es]);
        Compare("merged", update.Merged.Gradient);
        Compare("weight_es", update.Merged[EstimatorId.Es].Weight);
        Compare("theta_after_1", update.State.Theta.Values.ToArray().Select(x => (double)x));

        GradientSample Measure(JsonElement s, int index)
        {
            using var truncation = new GoldenTruncation(root, s, TruncationCheck.Options(s, convention));
            return truncation.Measure(theta, estimator, index).Sample;
        }
    }

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float v in values) sum += (double)v * v;
        return Math.Sqrt(sum);
    }
}
