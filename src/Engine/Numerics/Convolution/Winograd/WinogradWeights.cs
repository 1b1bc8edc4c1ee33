using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>Weights of <see cref="TileTransforms"/>: u = G w Gᵀ, 16 numbers for nine taps, and the gradient of w from that of u.</summary>
/// <remarks>
/// Packed weights are blocks of columns, each [9 · depth, width] (<see cref="ConvolutionPasses"/>); transformed ones are the same for each
/// of the 16: blocks of [depth, width], depth · columns apart.
/// </remarks>
internal static unsafe class WinogradWeights
{
    private const int Taps = ConvolutionGeometry.Kernel * ConvolutionGeometry.Kernel;
    private const int Lanes = 8;

    /// <summary>Number of transformed weights u.</summary>
    public const int Numbers = 16;

    /// <summary>Computes u from packed weights w.</summary>
    /// <param name="depth">Number of channels that are summed over.</param>
    /// <param name="columns">Number of columns in the packed matrix, a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Transform<TTaps>(int depth, int columns, float* packed, float* transformed)
        where TTaps : struct, ITapTransform
    {
        nint step = (nint)depth * columns;
        float* u = stackalloc float[3 * 4 * Lanes];
        for (int first = 0; first < columns; first += ConvolutionKernels.BlockColumns)
        {
            nint block = (nint)depth * ConvolutionKernels.BlockWidth(columns, first);
            float* from = packed + ((nint)Taps * depth * first), to = transformed + ((nint)depth * first);
            for (nint k = 0; k < block; k += Lanes)
            {
                for (int row = 0; row < 3; row++)
                {
                    float* w = from + k + (3 * row * block);
                    Spread<TTaps>(w, block, u + (4 * row * Lanes), Lanes);
                }

                for (int column = 0; column < 4; column++)
                {
                    float* w = u + (column * Lanes);
                    Spread<TTaps>(w, 4 * Lanes, to + k + (column * step), 4 * step);
                }
            }
        }
    }

    /// <summary>Computes packed = Gᵀ n G, the gradient of w, given the gradient n of u.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Pull<TTaps>(int depth, int columns, float* transformed, float* packed)
        where TTaps : struct, ITapTransform
    {
        nint step = (nint)depth * columns;
        float* u = stackalloc float[3 * 4 * Lanes];
        for (int first = 0; first < columns; first += ConvolutionKernels.BlockColumns)
        {
            nint block = (nint)depth * ConvolutionKernels.BlockWidth(columns, first);
            float* from = transformed + ((nint)depth * first), to = packed + ((nint)Taps * depth * first);
            for (nint k = 0; k < block; k += Lanes)
            {
                for (int column = 0; column < 4; column++)
                    Gather<TTaps>(from + k + (column * step), 4 * step, u + (column * Lanes), 4 * Lanes);
                for (int row = 0; row < 3; row++) Gather<TTaps>(u + (4 * row * Lanes), Lanes, to + k + (3 * row * block), block);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<TTaps>(float* w, nint wStep, float* to, nint step)
        where TTaps : struct, ITapTransform
    {
        TTaps.Spread(Vector256.Load(w), Vector256.Load(w + wStep), Vector256.Load(w + (2 * wStep)), out V u0, out V u1, out V u2, out V u3);
        u0.Store(to);
        u1.Store(to + step);
        u2.Store(to + (2 * step));
        u3.Store(to + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather<TTaps>(float* n, nint step, float* to, nint toStep)
        where TTaps : struct, ITapTransform
    {
        V n0 = Vector256.Load(n), n1 = Vector256.Load(n + step), n2 = Vector256.Load(n + (2 * step)), n3 = Vector256.Load(n + (3 * step));
        TTaps.Gather(n0, n1, n2, n3, out V w0, out V w1, out V w2);
        w0.Store(to);
        w1.Store(to + toStep);
        w2.Store(to + (2 * toStep));
    }
}
