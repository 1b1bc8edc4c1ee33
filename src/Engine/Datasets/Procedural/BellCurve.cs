using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>
/// Approximately normal numbers: the standardised sum of eight random bytes. Integer arithmetic makes them fast and identical on every
/// machine.
/// </summary>
/// <remarks>Mean 0, variance 1, excess kurtosis −0.15, never beyond ±4.9.</remarks>
internal static class BellCurve
{
    private const int Mean = 4 * 255;

    // The variance of a uniform byte is (256² − 1) / 12; eight bytes are summed.
    private static readonly float InverseStd = (float)(1 / Math.Sqrt(8 * 65_535 / 12.0));

    public static float Next(ref RandomStream random) => Sum(ref random) * InverseStd;

    public static void Fill(ref RandomStream random, Span<float> destination, float std)
    {
        float factor = std * InverseStd;
        foreach (ref float value in destination) value = Sum(ref random) * factor;
    }

    private static int Sum(ref RandomStream random)
    {
        uint a = random.NextUInt32(), b = random.NextUInt32();
        const uint EvenBytes = 0x00FF_00FF;
        uint pairs = (a & EvenBytes) + ((a >> 8) & EvenBytes) + (b & EvenBytes) + ((b >> 8) & EvenBytes);
        return (int)((pairs & 0xFFFF) + (pairs >> 16)) - Mean;
    }
}
