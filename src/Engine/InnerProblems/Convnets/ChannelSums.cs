using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Convolution;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Moments of an output map by channel, summed in float within a map and in double over maps, in a fixed order.</summary>
/// <remarks>
/// All vectors have [OutputPixelStride] channels. Maps have a ring, which is not read; each map is also copied to memory without a ring,
/// [stride / 16, size, size, 16]. Sums are taken of the distance to the map's first pixel p and shifted back in double, over P pixels
/// Σ z² = Σ (z − p)² + 2 p Σ (z − p) + P p²: a mean far from zero costs no precision.
/// </remarks>
internal static unsafe class ChannelSums
{
    /// <summary>Adds Σ z and Σ z² to the totals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddMoments(ConvolutionGeometry g, float* z, float* kept, ChannelTotals totals)
    {
        nint stride = g.OutputPixelStride, line = g.OutputSize * stride;
        for (int c = 0; c < stride; c += V.Count)
        {
            V near = Vector512.Load(z + c + g.OutputOffset(0, 0));
            V sum = V.Zero, squares = V.Zero;
            for (int row = 0; row < g.OutputSize; row++)
            {
                float* pixel = z + c + g.OutputOffset(row, 0);
                for (float* end = pixel + line; pixel < end; pixel += stride, kept += V.Count)
                {
                    V x = Vector512.Load(pixel);
                    x.Store(kept);
                    x -= near;
                    sum += x;
                    squares = Vector512.FusedMultiplyAdd(x, x, squares);
                }
            }

            totals.AddShifted(c, g.OutputSize * g.OutputSize, near, sum, squares);
        }
    }

    /// <summary>Adds Σ z and Σ z² to the totals, and Σ Rz and Σ z Rz to those of the tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddMoments(
        ConvolutionGeometry g,
        float* z,
        float* zTangent,
        float* kept,
        float* keptTangent,
        ChannelTotals totals,
        ChannelTotals tangentTotals)
    {
        nint stride = g.OutputPixelStride, line = g.OutputSize * stride;
        for (int c = 0; c < stride; c += V.Count)
        {
            V near = Vector512.Load(z + c + g.OutputOffset(0, 0));
            V sum = V.Zero, squares = V.Zero, tangentSum = V.Zero, products = V.Zero;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint i = c + g.OutputOffset(row, 0);
                for (nint end = i + line; i < end; i += stride, kept += V.Count, keptTangent += V.Count)
                {
                    V x = Vector512.Load(z + i), tangent = Vector512.Load(zTangent + i);
                    x.Store(kept);
                    tangent.Store(keptTangent);
                    x -= near;
                    sum += x;
                    squares = Vector512.FusedMultiplyAdd(x, x, squares);
                    tangentSum += tangent;
                    products = Vector512.FusedMultiplyAdd(x, tangent, products);
                }
            }

            totals.AddShifted(c, g.OutputSize * g.OutputSize, near, sum, squares);
            tangentTotals.AddShiftedProducts(c, near, tangentSum, products);
        }
    }
}
