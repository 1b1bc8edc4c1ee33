using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Convolution;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Sums over the pixels of output maps, channel by channel: in float within a map, in double over maps, in a fixed order.</summary>
/// <remarks>All of [OutputPixelStride] channels; maps with their ring, of which nothing is read.</remarks>
internal static unsafe class ChannelSums
{
    /// <summary>sums[c] += Σ a[pixel, c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Add(ConvolutionGeometry g, float* a, Span<double> sums)
    {
        for (int c = 0; c < g.OutputPixelStride; c += 16)
        {
            V sum = V.Zero;
            for (int row = 0; row < g.OutputSize; row++)
            {
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride) sum += Vector512.Load(a + i);
            }

            AddTo(sum, sums[c..]);
        }
    }

    /// <summary>sums[c] += Σ a[pixel, c] b[pixel, c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddProducts(ConvolutionGeometry g, float* a, float* b, Span<double> sums)
    {
        for (int c = 0; c < g.OutputPixelStride; c += 16)
        {
            V sum = V.Zero;
            for (int row = 0; row < g.OutputSize; row++)
            {
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sum);
            }

            AddTo(sum, sums[c..]);
        }
    }

    /// <summary>sums[c] += Σ (a[pixel, c] − mean[c])².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddSquares(ConvolutionGeometry g, float* a, float* mean, Span<double> sums)
    {
        for (int c = 0; c < g.OutputPixelStride; c += 16)
        {
            V sum = V.Zero, m = Vector512.Load(mean + c);
            for (int row = 0; row < g.OutputSize; row++)
            {
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride)
                {
                    V difference = Vector512.Load(a + i) - m;
                    sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
                }
            }

            AddTo(sum, sums[c..]);
        }
    }

    private static void AddTo(V sum, Span<double> sums)
    {
        for (int i = 0; i < V.Count; i++) sums[i] += sum[i];
    }
}
