using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Convolution;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>The moments of an output map, channel by channel: summed in float within a map, in double over maps, in a fixed order.</summary>
/// <remarks>
/// All of [OutputPixelStride] channels. Maps have their ring, of which nothing is read; each is copied to memory without one on the way, [stride / 16, size, size, 16].
/// Products are summed around the map's own mean m and shifted back in double, Σ z² = Σ (z − m)² + 2 m Σ z − P m² over P pixels: a mean far
/// from zero costs no digits.
/// </remarks>
internal static unsafe class ChannelSums
{
    /// <summary>Adds Σ z and Σ z².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddMoments(ConvolutionGeometry g, float* z, float* kept, ChannelTotals totals)
    {
        float pixels = g.OutputSize * g.OutputSize;
        float* values = stackalloc float[3 * V.Count];
        for (int c = 0; c < g.OutputPixelStride; c += V.Count)
        {
            V sum = Sum(g, z + c, kept + (c * g.OutputSize * g.OutputSize)), mean = sum * Vector512.Create(1 / pixels);
            sum.Store(values);
            mean.Store(values + V.Count);
            SumOfProducts(g, z + c, z + c, mean, mean).Store(values + (2 * V.Count));
            for (int i = 0; i < V.Count; i++)
            {
                double s = values[i], m = values[V.Count + i];
                totals.First[c + i] += s;
                totals.Second[c + i] += values[(2 * V.Count) + i] + (m * ((2 * s) - (pixels * m)));
            }
        }
    }

    /// <summary>Adds Σ Rz and Σ z Rz.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddProductMoments(ConvolutionGeometry g, float* z, float* zTangent, float* kept, ChannelTotals totals)
    {
        float* values = stackalloc float[3 * V.Count];
        for (int c = 0; c < g.OutputPixelStride; c += V.Count)
        {
            // Any number near the mean of z will do: its first pixel.
            V near = Vector512.Load(z + c + g.OutputOffset(0, 0));
            Sum(g, zTangent + c, kept + (c * g.OutputSize * g.OutputSize)).Store(values);
            near.Store(values + V.Count);
            SumOfProducts(g, z + c, zTangent + c, near, V.Zero).Store(values + (2 * V.Count));
            for (int i = 0; i < V.Count; i++)
            {
                double s = values[i];
                totals.First[c + i] += s;
                totals.Second[c + i] += values[(2 * V.Count) + i] + (values[V.Count + i] * s);
            }
        }
    }

    /// <summary>Σ a; two chains hide the latency of the addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V Sum(ConvolutionGeometry g, float* a, float* kept)
    {
        V even = V.Zero, odd = V.Zero;
        nint stride = g.OutputPixelStride, line = g.OutputSize * stride;
        for (int row = 0; row < g.OutputSize; row++)
        {
            float* from = a + g.OutputOffset(row, 0);
            nint i = 0;
            for (; i < line - stride; i += 2 * stride, kept += 2 * V.Count)
            {
                V x = Vector512.Load(from + i), y = Vector512.Load(from + i + stride);
                x.Store(kept);
                y.Store(kept + V.Count);
                even += x;
                odd += y;
            }

            if (i >= line) continue;
            V last = Vector512.Load(from + i);
            last.Store(kept);
            kept += V.Count;
            even += last;
        }

        return even + odd;
    }

    /// <summary>Σ (a − aMean) (b − bMean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V SumOfProducts(ConvolutionGeometry g, float* a, float* b, V aMean, V bMean)
    {
        V even = V.Zero, odd = V.Zero;
        nint stride = g.OutputPixelStride, line = g.OutputSize * stride;
        for (int row = 0; row < g.OutputSize; row++)
        {
            nint i = g.OutputOffset(row, 0), end = i + line;
            for (; i < end - stride; i += 2 * stride)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Load(a + i) - aMean, Vector512.Load(b + i) - bMean, even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Load(a + i + stride) - aMean, Vector512.Load(b + i + stride) - bMean, odd);
            }

            if (i < end) even = Vector512.FusedMultiplyAdd(Vector512.Load(a + i) - aMean, Vector512.Load(b + i) - bMean, even);
        }

        return even + odd;
    }
}
