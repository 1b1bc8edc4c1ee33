using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.TestKit.InnerProblems;

/// <summary>Comparisons of parameter vectors.</summary>
public static class VectorAssert
{
    /// <summary>The compact form, in double.</summary>
    public static double[] Wide(ParameterLayout layout, ReadOnlySpan<float> padded)
    {
        float[] compact = new float[layout.Length];
        layout.Compact(padded, compact);
        return Array.ConvertAll(compact, x => (double)x);
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    /// <summary>Relative error ‖actual - expected‖ / ‖expected‖.</summary>
    public static double RelativeError(double[] actual, double[] expected) =>
        Norm([.. actual.Zip(expected, (a, b) => a - b)]) / Norm(expected);

    public static void PaddingIsZero(ParameterLayout layout, float[] padded)
    {
        bool[] used = new bool[padded.Length];
        foreach (var tensor in layout.Tensors) used.AsSpan(tensor.Offset, tensor.Length).Fill(true);
        for (int i = 0; i < padded.Length; i++) Assert.True(used[i] || padded[i] == 0, $"Padding element {i} is {padded[i]}.");
    }

    /// <summary>An output buffer must be overwritten, whatever it held.</summary>
    public static float[] Garbage(int length)
    {
        float[] buffer = new float[length];
        buffer.AsSpan().Fill(float.NaN);
        return buffer;
    }
}
