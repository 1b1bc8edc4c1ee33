using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>A whole outer-update: S truncations, eq. (1), one unclipped step of Adam.</summary>
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

        var merged = GradientMerger.Merge(samples, theta.Length, Estimator.Merged);
        var (next, _) = OuterAdam.Step(theta, merged.Gradient, clip: 0, OuterAdamState.Zero(theta.Length), MergeCheck.Adam(root.GetProperty("adam"), "kingma_ba"));

        void Compare(string name, IEnumerable<double> actual) => golden.Compare(name, actual.ToArray(), GoldenCase.Doubles(golden.Expected.GetProperty(name)));
        Compare("L_plus", pairs.Select(p => p.PositiveLoss));
        Compare("L_minus", pairs.Select(p => p.NegativeLoss));
        Compare("g_rp_norm", samples.Select(s => Norm(s.GradientRp.Span)));
        Compare("g_es_norm", samples.Select(s => Norm(s.GradientEs.Span)));
        Compare("merged", merged.Gradient);
        Compare("weight_es", merged.WeightEs);
        Compare("theta_after_1", next.Select(x => (double)x));
    }

    private static float[] Round(double[] values) => [.. values.Select(v => (float)v)];

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float v in values) sum += (double)v * v;
        return Math.Sqrt(sum);
    }
}
