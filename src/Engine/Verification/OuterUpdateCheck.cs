using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

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
        var samples = new List<GradientSample>();
        var pairs = new List<GoldenPairSample>();
        foreach (var s in root.GetProperty("samples").EnumerateArray())
        {
            float[] e = GoldenCase.Floats(s.GetProperty("e"));
            using var pair = new GoldenPair(root, s, TruncationCheck.Options(s, convention));
            var sample = pair.Sample(theta, e);
            pairs.Add(sample);
            samples.Add(MergeCheck.Sample(samples.Count, Round(sample.GradientRp), Round(sample.GradientEs(e, sigma))));
        }

        var options = MergeCheck.Options(root.GetProperty("adam"), "kingma_ba", clip: 0);
        var update = OuterUpdater.Step(OuterState.Start(new ThetaSnapshot(0, theta)), samples, options);

        void Compare(string name, IEnumerable<double> actual) => golden.Compare(name, actual.ToArray(), GoldenCase.Doubles(golden.Expected.GetProperty(name)));
        Compare("L_plus", pairs.Select(p => p.PositiveLoss));
        Compare("L_minus", pairs.Select(p => p.NegativeLoss));
        Compare("g_rp_norm", samples.Select(s => Norm(s.GradientRp.Span)));
        Compare("g_es_norm", samples.Select(s => Norm(s.GradientEs.Span)));
        Compare("merged", update.Merged.Gradient);
        Compare("weight_es", update.Merged[EstimatorId.Es].Weight);
        Compare("theta_after_1", update.State.Theta.Values.ToArray().Select(x => (double)x));
    }

    private static float[] Round(double[] values) => [.. values.Select(v => (float)v)];

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float v in values) sum += (double)v * v;
        return Math.Sqrt(sum);
    }
}
