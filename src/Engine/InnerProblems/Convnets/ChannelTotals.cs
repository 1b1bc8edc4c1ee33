using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Two sums over a minibatch by channel, in double: of a map a, and of its products a b with another map b.</summary>
internal sealed unsafe class ChannelTotals(int channels)
{
    public double[] First { get; } = new double[channels];

    public double[] Second { get; } = new double[channels];

    public void Clear()
    {
        First.AsSpan().Clear();
        Second.AsSpan().Clear();
    }

    /// <summary>Adds one map's sums of sixteen channels, starting at channel <paramref name="channel"/>.</summary>
    public void Add(int channel, V first, V second)
    {
        for (int half = 0; half < 2; half++) Add(channel, half, ToDouble(first, half), ToDouble(second, half));
    }

    /// <summary>Adds Σ z and Σ z² of <paramref name="pixels"/> pixels, given p, Σ (z − p) and Σ (z − p)².</summary>
    public void AddShifted(int channel, int pixels, V shift, V sum, V squares)
    {
        for (int half = 0; half < 2; half++)
        {
            var (p, s) = (ToDouble(shift, half), ToDouble(sum, half));
            var all = p * pixels;
            Add(channel, half, s + all, ToDouble(squares, half) + (p * (s + s + all)));
        }
    }

    /// <summary>Adds Σ b and Σ a b, given p, Σ b and Σ (a − p) b.</summary>
    public void AddShiftedProducts(int channel, V shift, V sum, V products)
    {
        for (int half = 0; half < 2; half++)
        {
            var s = ToDouble(sum, half);
            Add(channel, half, s, ToDouble(products, half) + (ToDouble(shift, half) * s));
        }
    }

    /// <summary>Adds the sums of products to the gradient of γ, and the plain sums to that of β.</summary>
    public void AddTo(float* scale, float* offset, int channels)
    {
        for (int c = 0; c < channels; c++)
        {
            scale[c] += (float)Second[c];
            offset[c] += (float)First[c];
        }
    }

    private static Vector512<double> ToDouble(V x, int half) => half == 0 ? Vector512.WidenLower(x) : Vector512.WidenUpper(x);

    private void Add(int channel, int half, Vector512<double> first, Vector512<double> second)
    {
        int start = channel + (half * Vector512<double>.Count);
        (Vector512.Create<double>(First.AsSpan(start)) + first).CopyTo(First, start);
        (Vector512.Create<double>(Second.AsSpan(start)) + second).CopyTo(Second, start);
    }
}
