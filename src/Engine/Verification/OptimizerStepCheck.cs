using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// One step of the MLP optimizer at several t, and its vector-Jacobian product at the first. In between: the scalar twin.
/// </summary>
internal static class OptimizerStepCheck
{
    public static void Run(GoldenCase golden)
    {
        var root = golden.Root;
        var layout = new ParameterLayout(
            [.. root.GetProperty("shapes").EnumerateArray().Select((s, i) => ($"tensor{i}", GoldenCase.Integers(s)))]);
        var twin = new MlpReference(MlpShape.Paper, layout, new UpdateSettings(InnerSteps: 1));
        using var optimizer = new MlpOptimizer(MlpShape.Paper, layout, new UpdateSettings(InnerSteps: 1));
        float[] theta = GoldenCase.Floats(root.GetProperty("theta"));
        float[] w = ProblemCheck.Padded(
            layout, GoldenCase.Floats(root.GetProperty("w"))), g = ProblemCheck.Padded(layout, GoldenCase.Floats(root.GetProperty("g")));
        float[] m = PaddedState(layout, GoldenCase.Floats(root.GetProperty("m")));
        foreach (var expected in golden.Expected.GetProperty("per_t").EnumerateArray())
        {
            long t = expected.GetProperty("t").GetInt64();
            float[] next = [.. w], mNext = [.. m];
            optimizer.Update(theta, t, g, next, mNext);
            golden.Compare("w_next", Compact(layout, next, 1), expected.GetProperty("w_next"));
            golden.Compare("m_next", CompactState(layout, mNext), golden.Expected.GetProperty("m_next"));

            twin.Update(theta, t, g, [.. w], [.. m]);
            golden.Compare("time_features", twin.StepInputs, expected.GetProperty("time_features"));
            golden.Compare("mlp_outputs", Compact(layout, twin.Outputs, 2), expected.GetProperty("mlp_outputs"));
            golden.Compare("step", Compact(layout, twin.Step, 1), expected.GetProperty("step"));
            golden.Compare(
                "normalised_features",
                Compact(layout, twin.Features, MlpShape.BaseVectors),
                golden.Expected.GetProperty("normalised_features"));
        }

        ComparePullback(golden, layout, optimizer, theta, g, w, m);
    }

    private static void ComparePullback(
        GoldenCase golden, ParameterLayout layout, MlpOptimizer optimizer, float[] theta, float[] g, float[] w, float[] m)
    {
        long t = golden.Root.GetProperty("t")[0].GetInt64();
        float[] mNext = [.. m], gCotangent = new float[layout.PaddedLength];
        double[] thetaCotangent = new double[theta.Length];
        optimizer.Update(theta, t, g, [.. w], mNext);
        float[] wCotangent = ProblemCheck.Padded(layout, GoldenCase.Floats(golden.Root.GetProperty("cotangent_w_next")));
        float[] mCotangent = PaddedState(layout, GoldenCase.Floats(golden.Root.GetProperty("cotangent_m_next")));
        optimizer.VectorJacobianProduct(
            new MadeUpdate { Theta = theta, T = t, G = g, W = w, M = m, MNext = mNext },
            new UpdateCotangents { W = wCotangent, M = mCotangent, G = gCotangent, Theta = thetaCotangent });
        var expected = golden.Expected.GetProperty("vjp");
        golden.Compare("theta", thetaCotangent, GoldenCase.Doubles(expected.GetProperty("theta")));
        golden.Compare("w", Compact(layout, wCotangent, 1), expected.GetProperty("w"));
        golden.Compare("m", CompactState(layout, mCotangent), expected.GetProperty("m"));
        golden.Compare("g", Compact(layout, gCotangent, 1), expected.GetProperty("g"));
    }

    private static float[] PaddedState(ParameterLayout layout, float[] compact) =>
        [.. compact.Chunk(layout.Length).SelectMany(v => ProblemCheck.Padded(layout, v))];

    private static float[] CompactState(ParameterLayout layout, float[] padded) =>
        [.. padded.Chunk(layout.PaddedLength).SelectMany(v => Compact(layout, v, 1))];

    /// <summary>Leaves the padding out of a vector with <paramref name="width"/> numbers a parameter.</summary>
    private static float[] Compact(ParameterLayout layout, float[] padded, int width) =>
        [.. layout.Tensors.SelectMany(t => padded.AsSpan(t.Offset * width, t.Length * width).ToArray())];
}
