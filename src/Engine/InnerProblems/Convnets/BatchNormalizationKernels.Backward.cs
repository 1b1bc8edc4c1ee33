using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Convolution;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <content>Backward.</content>
internal static unsafe partial class BatchNormalizationKernels
{
    /// <summary>Adds Σ g_a and Σ g_a x̂ to the totals and copies g_a to <paramref name="kept"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddGradientSums(
        ConvolutionGeometry g, in ChannelStatistics s, float* z, float* gradient, float* kept, ChannelTotals totals)
    {
        nint stride = g.OutputPixelStride, line = 16 * g.OutputSize;
        for (nint c = 0; c < stride; c += 16)
        {
            V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
            V sum = V.Zero, products = V.Zero;
            nint i = c * g.OutputSize * g.OutputSize;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint end = i + line, o = g.OutputOffset(row, 0) + c;
                for (; i < end; i += 16, o += stride)
                {
                    V ga = Vector512.Load(gradient + o);
                    ga.Store(kept + i);
                    sum += ga;
                    products = Vector512.FusedMultiplyAdd(ga, (Vector512.Load(z + i) - mean) * inverseStd, products);
                }
            }

            totals.Add((int)c, sum, products);
        }
    }

    /// <summary>Adds Σ Rg_a and Σ (Rg_a x̂ + g_a Rx̂) to the totals and copies Rg_a to <paramref name="kept"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddGradientTangentSums(
        ConvolutionGeometry g,
        in ChannelStatistics s,
        float* z,
        float* zTangent,
        float* gradient,
        float* gradientTangent,
        float* kept,
        ChannelTotals totals)
    {
        nint stride = g.OutputPixelStride, line = 16 * g.OutputSize;
        for (nint c = 0; c < stride; c += 16)
        {
            V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
            V tangentMean = Vector512.Load(s.TangentMean + c), productMean = Vector512.Load(s.TangentProductMean + c);
            V sum = V.Zero, products = V.Zero, others = V.Zero;
            nint i = c * g.OutputSize * g.OutputSize;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint end = i + line, o = g.OutputOffset(row, 0) + c;
                for (; i < end; i += 16, o += stride)
                {
                    V x = (Vector512.Load(z + i) - mean) * inverseStd;
                    V xTangent = Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(zTangent + i) - tangentMean) * inverseStd;
                    V tangent = Vector512.Load(gradientTangent + o);
                    tangent.Store(kept + i);
                    sum += tangent;
                    products = Vector512.FusedMultiplyAdd(tangent, x, products);
                    others = Vector512.FusedMultiplyAdd(Vector512.Load(gradient + o), xTangent, others);
                }
            }

            totals.Add((int)c, sum, products + others);
        }
    }

    /// <summary>Computes g_z from z and g_a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(ConvolutionGeometry g, in ChannelStatistics s, float* z, float* gradient, float* zGradient)
    {
        nint stride = g.OutputPixelStride, line = 16 * g.OutputSize;
        for (nint c = 0; c < stride; c += 16)
        {
            V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
            V gradientMean = Vector512.Load(s.GradientMean + c), productMean = Vector512.Load(s.GradientProductMean + c);
            V factor = Vector512.Load(s.Factor + c);
            nint i = c * g.OutputSize * g.OutputSize;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint end = i + line, o = g.OutputOffset(row, 0) + c;
                for (; i < end; i += 16, o += stride)
                {
                    V x = (Vector512.Load(z + i) - mean) * inverseStd;
                    (Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(gradient + i) - gradientMean) * factor)
                        .Store(zGradient + o);
                }
            }
        }
    }

    /// <summary>Computes g_z and Rg_z from z, g_a and their R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void BackwardTangent(
        ConvolutionGeometry g,
        in ChannelStatistics s,
        float* z,
        float* zTangent,
        float* gradient,
        float* gradientTangent,
        float* zGradient,
        float* zGradientTangent)
    {
        nint stride = g.OutputPixelStride, line = 16 * g.OutputSize;
        for (nint c = 0; c < stride; c += 16)
        {
            V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
            V tangentMean = Vector512.Load(s.TangentMean + c), tangentProductMean = Vector512.Load(s.TangentProductMean + c);
            V gradientMean = Vector512.Load(s.GradientMean + c), productMean = Vector512.Load(s.GradientProductMean + c);
            V meanTangent = Vector512.Load(s.GradientTangentMean + c), productTangent = Vector512.Load(s.GradientTangentProductMean + c);
            V factor = Vector512.Load(s.Factor + c), factorTangent = Vector512.Load(s.FactorTangent + c);
            nint i = c * g.OutputSize * g.OutputSize;
            for (int row = 0; row < g.OutputSize; row++)
            {
                nint end = i + line, o = g.OutputOffset(row, 0) + c;
                for (; i < end; i += 16, o += stride)
                {
                    V x = (Vector512.Load(z + i) - mean) * inverseStd;
                    V xTangent = Vector512.FusedMultiplyAdd(
                        -x, tangentProductMean, Vector512.Load(zTangent + i) - tangentMean) * inverseStd;
                    V centered = Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(gradient + i) - gradientMean);
                    V tangent = Vector512.FusedMultiplyAdd(-xTangent, productMean, Vector512.Load(gradientTangent + i) - meanTangent);
                    tangent = Vector512.FusedMultiplyAdd(-x, productTangent, tangent);
                    Vector512.FusedMultiplyAdd(factorTangent, centered, factor * tangent).Store(zGradientTangent + o);
                    (centered * factor).Store(zGradient + o);
                }
            }
        }
    }
}
