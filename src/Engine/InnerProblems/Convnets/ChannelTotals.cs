using System.Runtime.Intrinsics;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Two sums over a minibatch by channel, in double: of a map, and of its products with another.</summary>
internal sealed unsafe class ChannelTotals(int channels)
{
    public double[] First { get; } = new double[channels];

    public double[] Second { get; } = new double[channels];

    public void Clear()
    {
        First.AsSpan().Clear();
        Second.AsSpan().Clear();
    }

    /// <summary>Adds one map's sums of sixteen channels, from channel <paramref name="channel"/> on.</summary>
    public void Add(int channel, Vector512<float> first, Vector512<float> second)
    {
        var (firstLow, firstHigh) = Vector512.Widen(first);
        var (secondLow, secondHigh) = Vector512.Widen(second);
        fixed (double* a = &First[channel], b = &Second[channel])
        {
            (Vector512.Load(a) + firstLow).Store(a);
            (Vector512.Load(a + 8) + firstHigh).Store(a + 8);
            (Vector512.Load(b) + secondLow).Store(b);
            (Vector512.Load(b + 8) + secondHigh).Store(b + 8);
        }
    }

    /// <summary>Gradients of γ, the products' sums, and of β.</summary>
    public void AddTo(float* scale, float* offset, int channels)
    {
        for (int c = 0; c < channels; c++)
        {
            scale[c] += (float)Second[c];
            offset[c] += (float)First[c];
        }
    }
}
