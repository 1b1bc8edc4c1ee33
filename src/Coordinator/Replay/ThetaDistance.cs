using System.Runtime.InteropServices;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Replay;

/// <summary>How far two θ are apart.</summary>
public static class ThetaDistance
{
    /// <summary>Whether all values have the same bits.</summary>
    public static bool IsSame(ThetaSnapshot a, ThetaSnapshot b) =>
        MemoryMarshal.AsBytes(a.Values.Span).SequenceEqual(MemoryMarshal.AsBytes(b.Values.Span));

    /// <summary>Euclidean distance, in units of θ.</summary>
    public static double Of(ThetaSnapshot a, ThetaSnapshot b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a.Values.Span[i] - b.Values.Span[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
