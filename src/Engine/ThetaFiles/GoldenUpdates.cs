using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>Single updates of single tensors, for a port of the optimizer to check itself with.</summary>
/// <remarks>
/// Each constant of the rule matters in one of them: gradients as small as the normaliser's ε and far below it, all zero, early and late
/// steps, tensors of several ranks and sizes.
/// </remarks>
internal static class GoldenUpdates
{
    /// <summary>Error that a port in float32 stays below, relative to the largest number of a tensor.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>t, shape, and the sizes of g, w and m; powers of two, so that the numbers have short exact decimals.</summary>
    private static readonly (long T, int[] Shape, float Gradient, float Weight, float State)[] Cases =
    [
        (0, [3, 4], 1, 1, 1),
        (100, [3, 4], 1, 1, 1),
        (7, [5], 1f / 8192, 1f / 64, 1f / 8192),
        (50_000, [2, 3, 4], 1f / 256, 1f / 64, 1f / 256),
        (1_000, [40], 1f / 256, 1f / 64, 1f / 64),
        (3, [1], 0, 1f / 16, 0),
    ];

    /// <summary>Arrays in row-major order; m has a row for each state vector.</summary>
    public static JsonArray Of(IOuterTrainableFamily family, ReadOnlySpan<float> theta, UpdateSettings settings)
    {
        var cases = new JsonArray();
        foreach (var (t, shape, gradient, weight, state) in Cases)
        {
            var layout = new ParameterLayout(("tensor", shape));
            using var optimizer = family.Create(layout, settings);
            var random = new RandomStream(1, RandomPurpose.InnerInitialization, t);
            float[] g = Draw(ref random, layout.Length, gradient), w = Draw(ref random, layout.Length, weight);
            float[] m = Draw(ref random, layout.Length * family.State.Length, state);
            for (int i = 0; i < m.Length; i++)
            {
                if (family.State[i / layout.Length].NonNegative) m[i] = Math.Abs(m[i]);
            }

            float[] wNext = layout.Pad(w), mNext = layout.Pad(m);
            optimizer.Update(theta, t, layout.Pad(g), wNext, mNext);
            cases.Add(new JsonObject
            {
                ["t"] = t,
                ["shape"] = new JsonArray([.. shape.Select(n => (JsonNode)n)]),
                ["g"] = Numbers(g),
                ["w"] = Numbers(w),
                ["m"] = Numbers(m),
                ["wNext"] = Numbers(layout.Compact(wNext)),
                ["mNext"] = Numbers(layout.Compact(mNext)),
            });
        }

        return cases;
    }

    private static float[] Draw(ref RandomStream random, int count, float size)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = size * ((random.NextInt32(257) - 128) / 64f);
        return values;
    }

    private static JsonArray Numbers(float[] values) => new([.. values.Select(v => (JsonNode)v)]);
}
