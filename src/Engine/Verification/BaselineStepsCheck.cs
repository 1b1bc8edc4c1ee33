using System.Text.Json;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// Steps of a baseline along given gradients, from a state of zero: w, its change, the point at which losses count, and the state at the
/// end.
/// </summary>
internal static class BaselineStepsCheck
{
    public static void Run(GoldenCase golden)
    {
        var root = golden.Root;
        string name = root.GetProperty("family").GetString()!;
        var family = OptimizerFamilies.Find(name) ?? throw new FormatException($"unknown family '{name}'");
        var layout = new ParameterLayout([.. root.GetProperty("parameter_names").EnumerateArray()
            .Zip(root.GetProperty("parameter_shapes").EnumerateArray(), (n, shape) => (n.GetString()!, GoldenCase.Integers(shape)))]);
        float[][] gradients = [.. root.GetProperty("g").EnumerateArray().Select(g => layout.Pad(GoldenCase.Floats(g)))];
        int[] compared = GoldenCase.Integers(golden.Expected.GetProperty("after_steps"));
        var expected = golden.Expected.GetProperty("runs").EnumerateArray();
        foreach (var (run, end) in root.GetProperty("runs").EnumerateArray().Zip(expected))
            Run(golden, run, end, family, layout, gradients, compared);
    }

    private static void Run(
        GoldenCase golden, JsonElement run, JsonElement expected, IOptimizerFamily family, ParameterLayout layout, float[][] gradients,
        int[] compared)
    {
        float[] theta = family.Theta.Point(
            [.. run.GetProperty("hyper_parameters").EnumerateObject().Select(h => (h.Name, h.Value.GetDouble()))]);
        float[] start = GoldenCase.Floats(golden.Root.GetProperty("w")), w = layout.Pad(start);
        float[] m = new float[family.State.Length * layout.PaddedLength];
        long first = run.GetProperty("first_step").GetInt64();
        using var optimizer = family.Create(layout, new UpdateSettings(run.GetProperty("inner_steps").GetInt64()));
        for (int i = 0; i < gradients.Length; i++)
        {
            optimizer.Update(theta, first + i, gradients[i], w, m);
            int which = Array.IndexOf(compared, i + 1);
            if (which < 0) continue;
            float[] compact = layout.Compact(w);
            double[] reference = GoldenCase.Doubles(expected.GetProperty("w")[which]);
            golden.Compare("w", compact, expected.GetProperty("w")[which]);
            golden.Compare("w_change", Change(compact.Select(x => (double)x), start), Change(reference, start));
            if (!GoldenCase.Has(expected, "evaluation_point")) continue;
            golden.Compare(
                "evaluation_point",
                layout.Compact(optimizer.EvaluationPoint(theta, w, m)),
                expected.GetProperty("evaluation_point")[which]);
        }

        double[] state = [.. layout.Compact(m).Select(x => (double)x)];
        foreach (var (actual, reference) in state.Chunk(layout.Length)
            .Zip(GoldenCase.Doubles(expected.GetProperty("state")).Chunk(layout.Length)))
            golden.Compare("state", actual, reference);
    }

    private static double[] Change(IEnumerable<double> w, float[] start) => [.. w.Zip(start, (x, before) => x - before)];
}
