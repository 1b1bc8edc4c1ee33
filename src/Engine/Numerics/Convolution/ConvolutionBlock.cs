using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>The register blocks of <see cref="ConvolutionKernels"/>: sums of up to 8 pixels × 32 channels stay in registers over the whole patch.</summary>
/// <remarks>
/// For each product: a vector of weights for each 16 channels, and for each pixel a broadcast input that it multiplies. The block's size is a type
/// parameter, so that what lies outside it is not compiled. Sums must be locals: an array of them would live in memory.
/// </remarks>
internal static unsafe class ConvolutionBlock<TBlock>
    where TBlock : struct, IRegisterBlock
{
    /// <summary>destination[i, c] = f(bias[c] + Σ x w + Σ x₂ w₂) of the block's pixels from <paramref name="pixel"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Gather(ConvolutionPass pass, in ConvolutionOperands operands, int pixel, int column)
    {
        V zero = V.Zero;
        V start0 = operands.Bias == null ? zero : Vector512.Load(operands.Bias + column);
        V start1 = operands.Bias == null || !TBlock.Wide ? zero : Vector512.Load(operands.Bias + column + 16);
        V s00 = start0, s01 = start1;
        V s10 = start0, s11 = start1;
        V s20 = start0, s21 = start1;
        V s30 = start0, s31 = start1;
        V s40 = start0, s41 = start1;
        V s50 = start0, s51 = start1;
        V s60 = start0, s61 = start1;
        V s70 = start0, s71 = start1;
        int* sources = pass.Sources + pixel;
        nint o0 = sources[0], o1 = sources[1], o2 = sources[2], o3 = sources[3], o4 = sources[4], o5 = sources[5], o6 = sources[6], o7 = sources[7];
        int* segmentsEnd = pass.Segments + pass.SegmentCount;
        nint run = pass.RunLength;
        float* x = operands.X;
        float* w = operands.W + ((nint)pass.Depth * column);
        for (bool second = false; ; second = true)
        {
            for (int* segment = pass.Segments; segment != segmentsEnd; segment++)
            {
                float* xp = x + *segment;
                float* end = xp + run;
                do
                {
                    V w0 = Vector512.Load(w), w1 = TBlock.Wide ? Vector512.Load(w + 16) : zero;
                    Add(w0, w1, xp[o0], ref s00, ref s01);
                    if (TBlock.Rows > 1) Add(w0, w1, xp[o1], ref s10, ref s11);
                    if (TBlock.Rows > 2) Add(w0, w1, xp[o2], ref s20, ref s21);
                    if (TBlock.Rows > 3) Add(w0, w1, xp[o3], ref s30, ref s31);
                    if (TBlock.Rows > 4) Add(w0, w1, xp[o4], ref s40, ref s41);
                    if (TBlock.Rows > 5) Add(w0, w1, xp[o5], ref s50, ref s51);
                    if (TBlock.Rows > 6) Add(w0, w1, xp[o6], ref s60, ref s61);
                    if (TBlock.Rows > 7) Add(w0, w1, xp[o7], ref s70, ref s71);
                    w += TBlock.Wide ? 32 : 16;
                    xp++;
                }
                while (xp != end);
            }

            if (second || operands.X2 == null) break;
            x = operands.X2;
            w = operands.W2 + ((nint)pass.Depth * column);
        }

        int* destinations = pass.Destinations + pixel;
        Finish(operands, destinations[0] + column, s00, s01);
        if (TBlock.Rows > 1) Finish(operands, destinations[1] + column, s10, s11);
        if (TBlock.Rows > 2) Finish(operands, destinations[2] + column, s20, s21);
        if (TBlock.Rows > 3) Finish(operands, destinations[3] + column, s30, s31);
        if (TBlock.Rows > 4) Finish(operands, destinations[4] + column, s40, s41);
        if (TBlock.Rows > 5) Finish(operands, destinations[5] + column, s50, s51);
        if (TBlock.Rows > 6) Finish(operands, destinations[6] + column, s60, s61);
        if (TBlock.Rows > 7) Finish(operands, destinations[7] + column, s70, s71);
    }

    /// <summary>gradient[j, c] += Σ over pixels of x[pixel, j] g[pixel, c] (+ x₂ g₂) for the block's patch elements j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Scatter(ConvolutionGeometry geometry, in PatchOperands operands, nint patchOffset, int column, float* gradient)
    {
        nint step = TBlock.Wide ? 32 : 16;
        V zero = V.Zero;
        V s00 = Vector512.Load(gradient), s01 = TBlock.Wide ? Vector512.Load(gradient + 16) : zero;
        V s10 = TBlock.Rows > 1 ? Vector512.Load(gradient + (1 * step)) : zero, s11 = TBlock.Wide && TBlock.Rows > 1 ? Vector512.Load(gradient + (1 * step) + 16) : zero;
        V s20 = TBlock.Rows > 2 ? Vector512.Load(gradient + (2 * step)) : zero, s21 = TBlock.Wide && TBlock.Rows > 2 ? Vector512.Load(gradient + (2 * step) + 16) : zero;
        V s30 = TBlock.Rows > 3 ? Vector512.Load(gradient + (3 * step)) : zero, s31 = TBlock.Wide && TBlock.Rows > 3 ? Vector512.Load(gradient + (3 * step) + 16) : zero;
        V s40 = TBlock.Rows > 4 ? Vector512.Load(gradient + (4 * step)) : zero, s41 = TBlock.Wide && TBlock.Rows > 4 ? Vector512.Load(gradient + (4 * step) + 16) : zero;
        V s50 = TBlock.Rows > 5 ? Vector512.Load(gradient + (5 * step)) : zero, s51 = TBlock.Wide && TBlock.Rows > 5 ? Vector512.Load(gradient + (5 * step) + 16) : zero;
        V s60 = TBlock.Rows > 6 ? Vector512.Load(gradient + (6 * step)) : zero, s61 = TBlock.Wide && TBlock.Rows > 6 ? Vector512.Load(gradient + (6 * step) + 16) : zero;
        V s70 = TBlock.Rows > 7 ? Vector512.Load(gradient + (7 * step)) : zero, s71 = TBlock.Wide && TBlock.Rows > 7 ? Vector512.Load(gradient + (7 * step) + 16) : zero;
        V s80 = TBlock.Rows > 8 ? Vector512.Load(gradient + (8 * step)) : zero, s81 = TBlock.Wide && TBlock.Rows > 8 ? Vector512.Load(gradient + (8 * step) + 16) : zero;
        V s90 = TBlock.Rows > 9 ? Vector512.Load(gradient + (9 * step)) : zero, s91 = TBlock.Wide && TBlock.Rows > 9 ? Vector512.Load(gradient + (9 * step) + 16) : zero;
        V s100 = TBlock.Rows > 10 ? Vector512.Load(gradient + (10 * step)) : zero, s101 = TBlock.Wide && TBlock.Rows > 10 ? Vector512.Load(gradient + (10 * step) + 16) : zero;
        V s110 = TBlock.Rows > 11 ? Vector512.Load(gradient + (11 * step)) : zero, s111 = TBlock.Wide && TBlock.Rows > 11 ? Vector512.Load(gradient + (11 * step) + 16) : zero;
        nint xPixel = geometry.Stride * geometry.InputPixelStride, gPixel = geometry.OutputPixelStride;
        nint xRow = geometry.Stride * geometry.InputRowStride, gRow = geometry.OutputRowStride;
        nint rowLength = geometry.OutputSize * gPixel;
        int first = geometry.InputOffset(-geometry.Before, -geometry.Before), g0 = geometry.OutputOffset(0, 0) + column;
        float* xLine = operands.X + first + patchOffset;
        float* gLine = operands.G + g0;
        for (bool second = false; ; second = true)
        {
            for (int row = geometry.OutputSize; row > 0; row--, xLine += xRow, gLine += gRow)
            {
                float* xp = xLine;
                float* gp = gLine;
                float* end = gp + rowLength;
                do
                {
                    V w0 = Vector512.Load(gp), w1 = TBlock.Wide ? Vector512.Load(gp + 16) : zero;
                    Add(w0, w1, xp[0], ref s00, ref s01);
                    if (TBlock.Rows > 1) Add(w0, w1, xp[1], ref s10, ref s11);
                    if (TBlock.Rows > 2) Add(w0, w1, xp[2], ref s20, ref s21);
                    if (TBlock.Rows > 3) Add(w0, w1, xp[3], ref s30, ref s31);
                    if (TBlock.Rows > 4) Add(w0, w1, xp[4], ref s40, ref s41);
                    if (TBlock.Rows > 5) Add(w0, w1, xp[5], ref s50, ref s51);
                    if (TBlock.Rows > 6) Add(w0, w1, xp[6], ref s60, ref s61);
                    if (TBlock.Rows > 7) Add(w0, w1, xp[7], ref s70, ref s71);
                    if (TBlock.Rows > 8) Add(w0, w1, xp[8], ref s80, ref s81);
                    if (TBlock.Rows > 9) Add(w0, w1, xp[9], ref s90, ref s91);
                    if (TBlock.Rows > 10) Add(w0, w1, xp[10], ref s100, ref s101);
                    if (TBlock.Rows > 11) Add(w0, w1, xp[11], ref s110, ref s111);
                    xp += xPixel;
                    gp += gPixel;
                }
                while (gp != end);
            }

            if (second || operands.X2 == null) break;
            xLine = operands.X2 + first + patchOffset;
            gLine = operands.G2 + g0;
        }

        Store(gradient, s00, s01);
        if (TBlock.Rows > 1) Store(gradient + (1 * step), s10, s11);
        if (TBlock.Rows > 2) Store(gradient + (2 * step), s20, s21);
        if (TBlock.Rows > 3) Store(gradient + (3 * step), s30, s31);
        if (TBlock.Rows > 4) Store(gradient + (4 * step), s40, s41);
        if (TBlock.Rows > 5) Store(gradient + (5 * step), s50, s51);
        if (TBlock.Rows > 6) Store(gradient + (6 * step), s60, s61);
        if (TBlock.Rows > 7) Store(gradient + (7 * step), s70, s71);
        if (TBlock.Rows > 8) Store(gradient + (8 * step), s80, s81);
        if (TBlock.Rows > 9) Store(gradient + (9 * step), s90, s91);
        if (TBlock.Rows > 10) Store(gradient + (10 * step), s100, s101);
        if (TBlock.Rows > 11) Store(gradient + (11 * step), s110, s111);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V w0, V w1, float x, ref V s0, ref V s1)
    {
        V broadcast = Vector512.Create(x);
        s0 = Vector512.FusedMultiplyAdd(w0, broadcast, s0);
        if (TBlock.Wide) s1 = Vector512.FusedMultiplyAdd(w1, broadcast, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, V s0, V s1)
    {
        s0.Store(destination);
        if (TBlock.Wide) s1.Store(destination + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in ConvolutionOperands operands, nint offset, V s0, V s1)
    {
        if (operands.Relu)
        {
            // The native maximum gives its second operand when one is NaN: a net that has overflowed must not look alive.
            s0 = Vector512.MaxNative(V.Zero, s0);
            s1 = Vector512.MaxNative(V.Zero, s1);
        }

        if (operands.Mask != null)
        {
            s0 &= Vector512.GreaterThan(Vector512.Load(operands.Mask + offset), V.Zero);
            if (TBlock.Wide) s1 &= Vector512.GreaterThan(Vector512.Load(operands.Mask + offset + 16), V.Zero);
        }

        Store(operands.Y + offset, s0, s1);
    }
}
