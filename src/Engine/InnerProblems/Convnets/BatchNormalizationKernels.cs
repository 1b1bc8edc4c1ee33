using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Convolution;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>The element-wise parts of <see cref="BatchNormalization"/>, for one image; the formulas stand there.</summary>
/// <remarks>Maps are output maps with their ring, which is neither read nor written. Parameters are [OutputPixelStride] floats.</remarks>
internal static unsafe class BatchNormalizationKernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(ConvolutionGeometry g, in ChannelStatistics s, float* scale, float* offset, float* z, float* y)
    {
        for (int row = 0; row < g.OutputSize; row++)
        {
            for (int c = 0; c < g.OutputPixelStride; c += 16)
            {
                V mean = Vector512.Load(s.Mean + c), inverseStd = Vector512.Load(s.InverseStd + c);
                V gamma = Vector512.Load(scale + c), beta = Vector512.Load(offset + c);
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride)
                {
                    V normalized = (Vector512.Load(z + i) - mean) * inverseStd;
                    normalized.Store(z + i);
                    // NaN stays NaN: the native maximum gives its second operand then.
                    Vector512.MaxNative(V.Zero, Vector512.FusedMultiplyAdd(normalized, gamma, beta)).Store(y + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ForwardTangent(
        ConvolutionGeometry g,
        in ChannelStatistics s,
        float* scale,
        float* scaleTangent,
        float* offsetTangent,
        float* normalized,
        float* zTangent,
        float* y,
        float* yTangent)
    {
        for (int row = 0; row < g.OutputSize; row++)
        {
            for (int c = 0; c < g.OutputPixelStride; c += 16)
            {
                V mean = Vector512.Load(s.TangentMean + c), productMean = Vector512.Load(s.TangentProductMean + c);
                V inverseStd = Vector512.Load(s.InverseStd + c), gamma = Vector512.Load(scale + c);
                V gammaTangent = Vector512.Load(scaleTangent + c), betaTangent = Vector512.Load(offsetTangent + c);
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride)
                {
                    V x = Vector512.Load(normalized + i);
                    V xTangent = Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(zTangent + i) - mean) * inverseStd;
                    xTangent.Store(zTangent + i);
                    V result = Vector512.FusedMultiplyAdd(gamma, xTangent, Vector512.FusedMultiplyAdd(gammaTangent, x, betaTangent));
                    (result & Vector512.GreaterThan(Vector512.Load(y + i), V.Zero)).Store(yTangent + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(ConvolutionGeometry g, in ChannelStatistics s, float* normalized, float* gradient)
    {
        for (int row = 0; row < g.OutputSize; row++)
        {
            for (int c = 0; c < g.OutputPixelStride; c += 16)
            {
                V mean = Vector512.Load(s.GradientMean + c), productMean = Vector512.Load(s.GradientProductMean + c);
                V factor = Vector512.Load(s.Factor + c);
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride)
                {
                    V x = Vector512.Load(normalized + i);
                    (Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(gradient + i) - mean) * factor).Store(gradient + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void BackwardTangent(
        ConvolutionGeometry g, in ChannelStatistics s, float* normalized, float* normalizedTangent, float* gradient, float* gradientTangent)
    {
        for (int row = 0; row < g.OutputSize; row++)
        {
            for (int c = 0; c < g.OutputPixelStride; c += 16)
            {
                V mean = Vector512.Load(s.GradientMean + c), productMean = Vector512.Load(s.GradientProductMean + c);
                V meanTangent = Vector512.Load(s.GradientTangentMean + c), productTangent = Vector512.Load(s.GradientTangentProductMean + c);
                V factor = Vector512.Load(s.Factor + c), factorTangent = Vector512.Load(s.FactorTangent + c);
                int begin = g.OutputOffset(row, 0) + c, end = begin + (g.OutputSize * g.OutputPixelStride);
                for (int i = begin; i < end; i += g.OutputPixelStride)
                {
                    V x = Vector512.Load(normalized + i);
                    V centered = Vector512.FusedMultiplyAdd(-x, productMean, Vector512.Load(gradient + i) - mean);
                    V tangent = Vector512.Load(gradientTangent + i) - meanTangent;
                    tangent = Vector512.FusedMultiplyAdd(-Vector512.Load(normalizedTangent + i), productMean, tangent);
                    tangent = Vector512.FusedMultiplyAdd(-x, productTangent, tangent);
                    Vector512.FusedMultiplyAdd(factorTangent, centered, factor * tangent).Store(gradientTangent + i);
                    (centered * factor).Store(gradient + i);
                }
            }
        }
    }
}
