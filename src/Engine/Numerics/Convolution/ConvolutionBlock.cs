using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>
/// Register blocks of <see cref="ConvolutionKernels"/>: the sums of several pixels × channels stay in registers over the whole patch.
/// </summary>
/// <remarks>
/// For each product, one vector of weights is loaded for each 16 channels, and one input is broadcast for each pixel. The block's size is a
/// type parameter, so that code outside it is not compiled. Sums must be locals (an array of them would be in memory), and the loops
/// call no helper methods: beyond some number of calls the compiler stops inlining, and the sums go through memory again.
/// </remarks>
internal static unsafe partial class ConvolutionBlock<TBlock>
    where TBlock : struct, IRegisterBlock
{
    /// <summary>
    /// Computes destination[i, c] = f(bias[c] + Σ x w + Σ x₂ w₂) for the block's pixels, starting at <paramref name="pixel"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Gather(ConvolutionPass pass, in ConvolutionOperands operands, int pixel, int column)
    {
        V zero = V.Zero;
        V start0 = operands.Bias == null ? zero : Vector512.Load(operands.Bias + column);
        V start1 = operands.Bias == null || !TBlock.Channels32 ? zero : Vector512.Load(operands.Bias + column + 16);
        V s00 = start0, s01 = start1;
        V s10 = start0, s11 = start1;
        V s20 = start0, s21 = start1;
        V s30 = start0, s31 = start1;
        V s40 = start0, s41 = start1;
        V s50 = start0, s51 = start1;
        V s60 = start0, s61 = start1;
        V s70 = start0, s71 = start1;
        int* sources = pass.Sources + pixel;
        nint o0 = sources[0], o1 = sources[1], o2 = sources[2], o3 = sources[3];
        nint o4 = sources[4], o5 = sources[5], o6 = sources[6], o7 = sources[7];
        int* end = pass.Offsets + pass.Depth;
        float* x = operands.X;
        float* w = operands.W + ((nint)pass.Depth * column);
        for (bool second = false; ; second = true)
        {
            int* offset = pass.Offsets;
            do
            {
                float* xp = x + *offset;
                V w0 = Vector512.Load(w), w1 = TBlock.Channels32 ? Vector512.Load(w + 16) : zero;
                V x0 = Vector512.Create(xp[o0]);
                s00 = Vector512.FusedMultiplyAdd(w0, x0, s00);
                if (TBlock.Channels32) s01 = Vector512.FusedMultiplyAdd(w1, x0, s01);
                if (TBlock.Rows > 1)
                {
                    V x1 = Vector512.Create(xp[o1]);
                    s10 = Vector512.FusedMultiplyAdd(w0, x1, s10);
                    if (TBlock.Channels32) s11 = Vector512.FusedMultiplyAdd(w1, x1, s11);
                }

                if (TBlock.Rows > 2)
                {
                    V x2 = Vector512.Create(xp[o2]);
                    s20 = Vector512.FusedMultiplyAdd(w0, x2, s20);
                    if (TBlock.Channels32) s21 = Vector512.FusedMultiplyAdd(w1, x2, s21);
                }

                if (TBlock.Rows > 3)
                {
                    V x3 = Vector512.Create(xp[o3]);
                    s30 = Vector512.FusedMultiplyAdd(w0, x3, s30);
                    if (TBlock.Channels32) s31 = Vector512.FusedMultiplyAdd(w1, x3, s31);
                }

                if (TBlock.Rows > 4)
                {
                    V x4 = Vector512.Create(xp[o4]);
                    s40 = Vector512.FusedMultiplyAdd(w0, x4, s40);
                    if (TBlock.Channels32) s41 = Vector512.FusedMultiplyAdd(w1, x4, s41);
                }

                if (TBlock.Rows > 5)
                {
                    V x5 = Vector512.Create(xp[o5]);
                    s50 = Vector512.FusedMultiplyAdd(w0, x5, s50);
                    if (TBlock.Channels32) s51 = Vector512.FusedMultiplyAdd(w1, x5, s51);
                }

                if (TBlock.Rows > 6)
                {
                    V x6 = Vector512.Create(xp[o6]);
                    s60 = Vector512.FusedMultiplyAdd(w0, x6, s60);
                    if (TBlock.Channels32) s61 = Vector512.FusedMultiplyAdd(w1, x6, s61);
                }

                if (TBlock.Rows > 7)
                {
                    V x7 = Vector512.Create(xp[o7]);
                    s70 = Vector512.FusedMultiplyAdd(w0, x7, s70);
                    if (TBlock.Channels32) s71 = Vector512.FusedMultiplyAdd(w1, x7, s71);
                }

                w += TBlock.Channels32 ? 32 : 16;
                offset++;
            }
            while (offset != end);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in ConvolutionOperands operands, nint offset, V s0, V s1)
    {
        if (operands.Relu)
        {
            // The native maximum returns its second operand if one is NaN: a network that has overflowed must not appear valid.
            s0 = Vector512.MaxNative(V.Zero, s0);
            s1 = Vector512.MaxNative(V.Zero, s1);
        }

        if (operands.Mask != null)
        {
            s0 &= Vector512.GreaterThan(Vector512.Load(operands.Mask + offset), V.Zero);
            if (TBlock.Channels32) s1 &= Vector512.GreaterThan(Vector512.Load(operands.Mask + offset + 16), V.Zero);
        }

        s0.Store(operands.Y + offset);
        if (TBlock.Channels32) s1.Store(operands.Y + offset + 16);
    }

    /// <summary>gradient[j, c] += Σ over pixels of x[pixel, j] g[pixel, c] (+ x₂ g₂) for the block's patch elements j.</summary>
    /// <param name="forward">The forward pass: its sources are where the patches of x begin, its destinations the pixels of g.</param>
    /// <param name="patchOffset">Of the block's first patch element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Scatter(ConvolutionPass forward, in PatchOperands operands, nint patchOffset, int column, float* gradient)
    {
        nint step = TBlock.Channels32 ? 32 : 16;
        V zero = V.Zero;
        V s00 = zero, s01 = zero;
        V s10 = zero, s11 = zero;
        V s20 = zero, s21 = zero;
        V s30 = zero, s31 = zero;
        V s40 = zero, s41 = zero;
        V s50 = zero, s51 = zero;
        V s60 = zero, s61 = zero;
        V s70 = zero, s71 = zero;
        V s80 = zero, s81 = zero;
        V s90 = zero, s91 = zero;
        V s100 = zero, s101 = zero;
        V s110 = zero, s111 = zero;
        s00 = Vector512.Load(gradient);
        if (TBlock.Channels32) s01 = Vector512.Load(gradient + 16);
        if (TBlock.Rows > 1) s10 = Vector512.Load(gradient + step);
        if (TBlock.Channels32 && TBlock.Rows > 1) s11 = Vector512.Load(gradient + step + 16);
        if (TBlock.Rows > 2) s20 = Vector512.Load(gradient + (2 * step));
        if (TBlock.Channels32 && TBlock.Rows > 2) s21 = Vector512.Load(gradient + (2 * step) + 16);
        if (TBlock.Rows > 3) s30 = Vector512.Load(gradient + (3 * step));
        if (TBlock.Channels32 && TBlock.Rows > 3) s31 = Vector512.Load(gradient + (3 * step) + 16);
        if (TBlock.Rows > 4) s40 = Vector512.Load(gradient + (4 * step));
        if (TBlock.Channels32 && TBlock.Rows > 4) s41 = Vector512.Load(gradient + (4 * step) + 16);
        if (TBlock.Rows > 5) s50 = Vector512.Load(gradient + (5 * step));
        if (TBlock.Channels32 && TBlock.Rows > 5) s51 = Vector512.Load(gradient + (5 * step) + 16);
        if (TBlock.Rows > 6) s60 = Vector512.Load(gradient + (6 * step));
        if (TBlock.Channels32 && TBlock.Rows > 6) s61 = Vector512.Load(gradient + (6 * step) + 16);
        if (TBlock.Rows > 7) s70 = Vector512.Load(gradient + (7 * step));
        if (TBlock.Channels32 && TBlock.Rows > 7) s71 = Vector512.Load(gradient + (7 * step) + 16);
        if (TBlock.Rows > 8) s80 = Vector512.Load(gradient + (8 * step));
        if (TBlock.Channels32 && TBlock.Rows > 8) s81 = Vector512.Load(gradient + (8 * step) + 16);
        if (TBlock.Rows > 9) s90 = Vector512.Load(gradient + (9 * step));
        if (TBlock.Channels32 && TBlock.Rows > 9) s91 = Vector512.Load(gradient + (9 * step) + 16);
        if (TBlock.Rows > 10) s100 = Vector512.Load(gradient + (10 * step));
        if (TBlock.Channels32 && TBlock.Rows > 10) s101 = Vector512.Load(gradient + (10 * step) + 16);
        if (TBlock.Rows > 11) s110 = Vector512.Load(gradient + (11 * step));
        if (TBlock.Channels32 && TBlock.Rows > 11) s111 = Vector512.Load(gradient + (11 * step) + 16);
        int* end = forward.Sources + forward.Pixels;
        nint destinations = (nint)(forward.Destinations - forward.Sources);
        float* x = operands.X + patchOffset;
        float* g = operands.G + column;
        for (bool second = false; ; second = true)
        {
            int* source = forward.Sources;
            do
            {
                float* xp = x + *source;
                float* gp = g + source[destinations];
                V g0 = Vector512.Load(gp), g1 = TBlock.Channels32 ? Vector512.Load(gp + 16) : zero;
                V x0 = Vector512.Create(xp[0]);
                s00 = Vector512.FusedMultiplyAdd(g0, x0, s00);
                if (TBlock.Channels32) s01 = Vector512.FusedMultiplyAdd(g1, x0, s01);
                if (TBlock.Rows > 1)
                {
                    V x1 = Vector512.Create(xp[1]);
                    s10 = Vector512.FusedMultiplyAdd(g0, x1, s10);
                    if (TBlock.Channels32) s11 = Vector512.FusedMultiplyAdd(g1, x1, s11);
                }

                if (TBlock.Rows > 2)
                {
                    V x2 = Vector512.Create(xp[2]);
                    s20 = Vector512.FusedMultiplyAdd(g0, x2, s20);
                    if (TBlock.Channels32) s21 = Vector512.FusedMultiplyAdd(g1, x2, s21);
                }

                if (TBlock.Rows > 3)
                {
                    V x3 = Vector512.Create(xp[3]);
                    s30 = Vector512.FusedMultiplyAdd(g0, x3, s30);
                    if (TBlock.Channels32) s31 = Vector512.FusedMultiplyAdd(g1, x3, s31);
                }

                if (TBlock.Rows > 4)
                {
                    V x4 = Vector512.Create(xp[4]);
                    s40 = Vector512.FusedMultiplyAdd(g0, x4, s40);
                    if (TBlock.Channels32) s41 = Vector512.FusedMultiplyAdd(g1, x4, s41);
                }

                if (TBlock.Rows > 5)
                {
                    V x5 = Vector512.Create(xp[5]);
                    s50 = Vector512.FusedMultiplyAdd(g0, x5, s50);
                    if (TBlock.Channels32) s51 = Vector512.FusedMultiplyAdd(g1, x5, s51);
                }

                if (TBlock.Rows > 6)
                {
                    V x6 = Vector512.Create(xp[6]);
                    s60 = Vector512.FusedMultiplyAdd(g0, x6, s60);
                    if (TBlock.Channels32) s61 = Vector512.FusedMultiplyAdd(g1, x6, s61);
                }

                if (TBlock.Rows > 7)
                {
                    V x7 = Vector512.Create(xp[7]);
                    s70 = Vector512.FusedMultiplyAdd(g0, x7, s70);
                    if (TBlock.Channels32) s71 = Vector512.FusedMultiplyAdd(g1, x7, s71);
                }

                if (TBlock.Rows > 8)
                {
                    V x8 = Vector512.Create(xp[8]);
                    s80 = Vector512.FusedMultiplyAdd(g0, x8, s80);
                    if (TBlock.Channels32) s81 = Vector512.FusedMultiplyAdd(g1, x8, s81);
                }

                if (TBlock.Rows > 9)
                {
                    V x9 = Vector512.Create(xp[9]);
                    s90 = Vector512.FusedMultiplyAdd(g0, x9, s90);
                    if (TBlock.Channels32) s91 = Vector512.FusedMultiplyAdd(g1, x9, s91);
                }

                if (TBlock.Rows > 10)
                {
                    V x10 = Vector512.Create(xp[10]);
                    s100 = Vector512.FusedMultiplyAdd(g0, x10, s100);
                    if (TBlock.Channels32) s101 = Vector512.FusedMultiplyAdd(g1, x10, s101);
                }

                if (TBlock.Rows > 11)
                {
                    V x11 = Vector512.Create(xp[11]);
                    s110 = Vector512.FusedMultiplyAdd(g0, x11, s110);
                    if (TBlock.Channels32) s111 = Vector512.FusedMultiplyAdd(g1, x11, s111);
                }

                source++;
            }
            while (source != end);

            if (second || operands.X2 == null) break;
            x = operands.X2 + patchOffset;
            g = operands.G2 + column;
        }

        s00.Store(gradient);
        if (TBlock.Channels32) s01.Store(gradient + 16);
        if (TBlock.Rows > 1) s10.Store(gradient + step);
        if (TBlock.Channels32 && TBlock.Rows > 1) s11.Store(gradient + step + 16);
        if (TBlock.Rows > 2) s20.Store(gradient + (2 * step));
        if (TBlock.Channels32 && TBlock.Rows > 2) s21.Store(gradient + (2 * step) + 16);
        if (TBlock.Rows > 3) s30.Store(gradient + (3 * step));
        if (TBlock.Channels32 && TBlock.Rows > 3) s31.Store(gradient + (3 * step) + 16);
        if (TBlock.Rows > 4) s40.Store(gradient + (4 * step));
        if (TBlock.Channels32 && TBlock.Rows > 4) s41.Store(gradient + (4 * step) + 16);
        if (TBlock.Rows > 5) s50.Store(gradient + (5 * step));
        if (TBlock.Channels32 && TBlock.Rows > 5) s51.Store(gradient + (5 * step) + 16);
        if (TBlock.Rows > 6) s60.Store(gradient + (6 * step));
        if (TBlock.Channels32 && TBlock.Rows > 6) s61.Store(gradient + (6 * step) + 16);
        if (TBlock.Rows > 7) s70.Store(gradient + (7 * step));
        if (TBlock.Channels32 && TBlock.Rows > 7) s71.Store(gradient + (7 * step) + 16);
        if (TBlock.Rows > 8) s80.Store(gradient + (8 * step));
        if (TBlock.Channels32 && TBlock.Rows > 8) s81.Store(gradient + (8 * step) + 16);
        if (TBlock.Rows > 9) s90.Store(gradient + (9 * step));
        if (TBlock.Channels32 && TBlock.Rows > 9) s91.Store(gradient + (9 * step) + 16);
        if (TBlock.Rows > 10) s100.Store(gradient + (10 * step));
        if (TBlock.Channels32 && TBlock.Rows > 10) s101.Store(gradient + (10 * step) + 16);
        if (TBlock.Rows > 11) s110.Store(gradient + (11 * step));
        if (TBlock.Channels32 && TBlock.Rows > 11) s111.Store(gradient + (11 * step) + 16);
    }
}
