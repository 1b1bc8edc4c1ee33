using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Convolution;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Element-wise kernels of <see cref="BatchNormalization"/> for one image; its remarks define the symbols and formulas.</summary>
/// <remarks>
/// Stored maps (z, Rz, g_a, Rg_a) are [stride / 16, size, size, 16], so that they are read and written sequentially. y, g_z and their R are
/// output maps with a ring, which is neither read nor written. Parameters are [OutputPixelStride] floats. Index i runs over stored maps, o
/// over output maps.
/// </remarks>
internal static unsafe partial class BatchNormalizationKernels
{
    /// <summary>Computes y from z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Activate(ConvolutionGeometry g, in ChannelStatistics s, float* scale, float* offset, float* z, float* y)
    {
        nint stride = g.OutputPixelStride, line = 16 * g.OutputSize;
        for (nint c = 0; c < stride; c += 16)
        {
            V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
            V gamma = Vector512.Load(scale + c), beta = Vector512.Load(offset + c);
            nint i = c * g.OutputSize * g.OutputSize;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint end = i + line, o = g.OutputOffset(row, 0) + c;
                for (; i < end; i += 16, o += stride)
                {
                    V normalized = (Vector512.Load(z + i) - mean) * inverseStd;
                    // NaN stays NaN: the native maximum returns its second operand then.
                    Vector512.MaxNative(V.Zero, Vector512.FusedMultiplyAdd(normalized, gamma, beta)).Store(y + o);
                }
            }
        }
    }

    /// <summary>Computes Ry from z, Rz and y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ActivateTangent(
        ConvolutionGeometry g,
        in ChannelStatistics s,
        float* scale,
        float* scaleTangent,
        float* offsetTangent,
        float* z,
        float* zTangent,
        float* y,
        float* yTangent)
    {
        nint stride = g.OutputPixelStride, line = 16 * g.OutputSize;
        for (nint c = 0; c < stride; c += 16)
        {
            V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
            V tangentMean = Vector512.Load(s.TangentMean + c), productMean = Vector512.Load(s.TangentProductMean + c);
            V gamma = Vector512.Load(scale + c), gammaTangent = Vector512.Load(scaleTangent + c);
            V betaTangent = Vector512.Load(offsetTangent + c);
            nint i = c * g.OutputSize * g.OutputSize;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint end = i + line, o = g.OutputOffset(row, 0) + c;
                for (; i < end; i += 16, o += stride)
                {
                    V x = (Vector512.Load(z + i) - mean) * inverseStd;
                    V xTangent = Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(zTangent + i) - tangentMean) * inverseStd;
                    V result = Vector512.FusedMultiplyAdd(gamma, xTangent, Vector512.FusedMultiplyAdd(gammaTangent, x, betaTangent));
                    (result & Vector512.GreaterThan(Vector512.Load(y + o), V.Zero)).Store(yTangent + o);
                }
            }
        }
    }
}
