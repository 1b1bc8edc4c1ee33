using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>The weights of <see cref="TileTransforms"/>: u = G w Gᵀ, 16 numbers for nine taps, and the gradient of w from that of u.</summary>
/// <remarks>
/// Along one axis G w is (w0, (w0 + w1 + w2) / 2, (w0 − w1 + w2) / 2, w2) for stride 1, and (w0, w0 + w2, w2, w1) for stride 2. Packed weights are
/// blocks of columns, each [9 · depth, width] (<see cref="ConvolutionPasses"/>); transformed ones are the same for each of the 16: blocks of
/// [depth, width], depth · columns apart.
/// </remarks>
internal static unsafe class WinogradWeights
{
    private const int Taps = ConvolutionGeometry.Kernel * ConvolutionGeometry.Kernel;
    private const int Lanes = 8;

    /// <summary>Numbers of u.</summary>
    public const int Numbers = 16;

    /// <summary>u of packed w.</summary>
    /// <param name="stride">1 or 2.</param>
    /// <param name="depth">Channels that are summed over.</param>
    /// <param name="columns">Of the packed matrix, a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Transform(int stride, int depth, int columns, float* packed, float* transformed)
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
                    Spread(stride, w, block, u + (4 * row * Lanes), Lanes);
                }

                for (int column = 0; column < 4; column++)
                {
                    float* w = u + (column * Lanes);
                    Spread(stride, w, 4 * Lanes, to + k + (column * step), 4 * step);
                }
            }
        }
    }

    /// <summary>packed = Gᵀ n G, the gradient of w for the gradient n of u.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Pull(int stride, int depth, int columns, float* transformed, float* packed)
    {
        nint step = (nint)depth * columns;
        float* u = stackalloc float[3 * 4 * Lanes];
        for (int first = 0; first < columns; first += ConvolutionKernels.BlockColumns)
        {
            nint block = (nint)depth * ConvolutionKernels.BlockWidth(columns, first);
            float* from = transformed + ((nint)depth * first), to = packed + ((nint)Taps * depth * first);
            for (nint k = 0; k < block; k += Lanes)
            {
                for (int column = 0; column < 4; column++) Gather(stride, from + k + (column * step), 4 * step, u + (column * Lanes), 4 * Lanes);
                for (int row = 0; row < 3; row++) Gather(stride, u + (4 * row * Lanes), Lanes, to + k + (3 * row * block), block);
            }
        }
    }

    /// <summary>G w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(int stride, float* w, nint wStep, float* to, nint step)
    {
        V half = Vector256.Create(0.5f), w0 = Vector256.Load(w), w1 = Vector256.Load(w + wStep), w2 = Vector256.Load(w + (2 * wStep));
        V outer = w0 + w2;
        w0.Store(to);
        (stride == 1 ? (outer + w1) * half : outer).Store(to + step);
        (stride == 1 ? (outer - w1) * half : w2).Store(to + (2 * step));
        (stride == 1 ? w2 : w1).Store(to + (3 * step));
    }

    /// <summary>Gᵀ n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(int stride, float* n, nint step, float* to, nint toStep)
    {
        V half = Vector256.Create(0.5f), n0 = Vector256.Load(n), n1 = Vector256.Load(n + step);
        V n2 = Vector256.Load(n + (2 * step)), n3 = Vector256.Load(n + (3 * step)), middle = (n1 + n2) * half;
        (n0 + (stride == 1 ? middle : n1)).Store(to);
        (stride == 1 ? (n1 - n2) * half : n3).Store(to + toStep);
        (stride == 1 ? middle + n3 : n1 + n2).Store(to + (2 * toStep));
    }
}
