using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution;

internal static unsafe partial class ConvolutionBlock<TBlock>
{
    /// <summary>
    /// Variant of <see cref="Gather"/> for machines with 256-bit vectors: up to 6 pixels × 16 channels fill twelve of sixteen registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void GatherVector256(ConvolutionPass pass, in ConvolutionOperands operands, int pixel, int column)
    {
        V zero = V.Zero;
        V start0 = operands.Bias == null ? zero : Vector256.Load(operands.Bias + column);
        V start1 = operands.Bias == null ? zero : Vector256.Load(operands.Bias + column + 8);
        V s00 = start0, s01 = start1;
        V s10 = start0, s11 = start1;
        V s20 = start0, s21 = start1;
        V s30 = start0, s31 = start1;
        V s40 = start0, s41 = start1;
        V s50 = start0, s51 = start1;
        int* sources = pass.Sources + pixel;
        nint o0 = sources[0], o1 = sources[1], o2 = sources[2], o3 = sources[3], o4 = sources[4], o5 = sources[5];
        int* end = pass.Offsets + pass.Depth;
        float* x = operands.X;
        float* w = operands.W + ((nint)pass.Depth * column);
        for (bool second = false; ; second = true)
        {
            int* offset = pass.Offsets;
            do
            {
                float* xp = x + *offset;
                V w0 = Vector256.Load(w), w1 = Vector256.Load(w + 8);
                V x0 = Vector256.Create(xp[o0]);
                s00 = Vector256.FusedMultiplyAdd(w0, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(w1, x0, s01);
                if (TBlock.Rows > 1)
                {
                    V x1 = Vector256.Create(xp[o1]);
                    s10 = Vector256.FusedMultiplyAdd(w0, x1, s10);
                    s11 = Vector256.FusedMultiplyAdd(w1, x1, s11);
                }

                if (TBlock.Rows > 2)
                {
                    V x2 = Vector256.Create(xp[o2]);
                    s20 = Vector256.FusedMultiplyAdd(w0, x2, s20);
                    s21 = Vector256.FusedMultiplyAdd(w1, x2, s21);
                }

                if (TBlock.Rows > 3)
                {
                    V x3 = Vector256.Create(xp[o3]);
                    s30 = Vector256.FusedMultiplyAdd(w0, x3, s30);
                    s31 = Vector256.FusedMultiplyAdd(w1, x3, s31);
                }

                if (TBlock.Rows > 4)
                {
                    V x4 = Vector256.Create(xp[o4]);
                    s40 = Vector256.FusedMultiplyAdd(w0, x4, s40);
                    s41 = Vector256.FusedMultiplyAdd(w1, x4, s41);
                }

                if (TBlock.Rows > 5)
                {
                    V x5 = Vector256.Create(xp[o5]);
                    s50 = Vector256.FusedMultiplyAdd(w0, x5, s50);
                    s51 = Vector256.FusedMultiplyAdd(w1, x5, s51);
                }

                w += 16;
                offset++;
            }
            while (offset != end);

            if (second || operands.X2 == null) break;
            x = operands.X2;
            w = operands.W2 + ((nint)pass.Depth * column);
        }

        int* destinations = pass.Destinations + pixel;
        FinishVector256(operands, destinations[0] + column, s00, s01);
        if (TBlock.Rows > 1) FinishVector256(operands, destinations[1] + column, s10, s11);
        if (TBlock.Rows > 2) FinishVector256(operands, destinations[2] + column, s20, s21);
        if (TBlock.Rows > 3) FinishVector256(operands, destinations[3] + column, s30, s31);
        if (TBlock.Rows > 4) FinishVector256(operands, destinations[4] + column, s40, s41);
        if (TBlock.Rows > 5) FinishVector256(operands, destinations[5] + column, s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishVector256(in ConvolutionOperands operands, nint offset, V s0, V s1)
    {
        if (operands.Relu)
        {
            // NaN stays NaN, as in Finish.
            s0 = Vector256.MaxNative(V.Zero, s0);
            s1 = Vector256.MaxNative(V.Zero, s1);
        }

        if (operands.Mask != null)
        {
            s0 &= Vector256.GreaterThan(Vector256.Load(operands.Mask + offset), V.Zero);
            s1 &= Vector256.GreaterThan(Vector256.Load(operands.Mask + offset + 8), V.Zero);
        }

        s0.Store(operands.Y + offset);
        s1.Store(operands.Y + offset + 8);
    }

    /// <summary><see cref="Scatter"/> for machines whose vectors have 256 bits: up to 6 patch elements × 16 channels.</summary>
    /// <inheritdoc cref="Scatter" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScatterVector256(ConvolutionPass forward, in PatchOperands operands, nint patchOffset, int column, float* gradient)
    {
        V zero = V.Zero;
        V s00 = zero, s01 = zero;
        V s10 = zero, s11 = zero;
        V s20 = zero, s21 = zero;
        V s30 = zero, s31 = zero;
        V s40 = zero, s41 = zero;
        V s50 = zero, s51 = zero;
        s00 = Vector256.Load(gradient);
        s01 = Vector256.Load(gradient + 8);
        if (TBlock.Rows > 1) s10 = Vector256.Load(gradient + 16);
        if (TBlock.Rows > 1) s11 = Vector256.Load(gradient + 24);
        if (TBlock.Rows > 2) s20 = Vector256.Load(gradient + 32);
        if (TBlock.Rows > 2) s21 = Vector256.Load(gradient + 40);
        if (TBlock.Rows > 3) s30 = Vector256.Load(gradient + 48);
        if (TBlock.Rows > 3) s31 = Vector256.Load(gradient + 56);
        if (TBlock.Rows > 4) s40 = Vector256.Load(gradient + 64);
        if (TBlock.Rows > 4) s41 = Vector256.Load(gradient + 72);
        if (TBlock.Rows > 5) s50 = Vector256.Load(gradient + 80);
        if (TBlock.Rows > 5) s51 = Vector256.Load(gradient + 88);
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
                V g0 = Vector256.Load(gp), g1 = Vector256.Load(gp + 8);
                V x0 = Vector256.Create(xp[0]);
                s00 = Vector256.FusedMultiplyAdd(g0, x0, s00);
                s01 = Vector256.FusedMultiplyAdd(g1, x0, s01);
                if (TBlock.Rows > 1)
                {
                    V x1 = Vector256.Create(xp[1]);
                    s10 = Vector256.FusedMultiplyAdd(g0, x1, s10);
                    s11 = Vector256.FusedMultiplyAdd(g1, x1, s11);
                }

                if (TBlock.Rows > 2)
                {
                    V x2 = Vector256.Create(xp[2]);
                    s20 = Vector256.FusedMultiplyAdd(g0, x2, s20);
                    s21 = Vector256.FusedMultiplyAdd(g1, x2, s21);
                }

                if (TBlock.Rows > 3)
                {
                    V x3 = Vector256.Create(xp[3]);
                    s30 = Vector256.FusedMultiplyAdd(g0, x3, s30);
                    s31 = Vector256.FusedMultiplyAdd(g1, x3, s31);
                }

                if (TBlock.Rows > 4)
                {
                    V x4 = Vector256.Create(xp[4]);
                    s40 = Vector256.FusedMultiplyAdd(g0, x4, s40);
                    s41 = Vector256.FusedMultiplyAdd(g1, x4, s41);
                }

                if (TBlock.Rows > 5)
                {
                    V x5 = Vector256.Create(xp[5]);
                    s50 = Vector256.FusedMultiplyAdd(g0, x5, s50);
                    s51 = Vector256.FusedMultiplyAdd(g1, x5, s51);
                }

                source++;
            }
            while (source != end);

            if (second || operands.X2 == null) break;
            x = operands.X2 + patchOffset;
            g = operands.G2 + column;
        }

        s00.Store(gradient);
        s01.Store(gradient + 8);
        if (TBlock.Rows > 1) s10.Store(gradient + 16);
        if (TBlock.Rows > 1) s11.Store(gradient + 24);
        if (TBlock.Rows > 2) s20.Store(gradient + 32);
        if (TBlock.Rows > 2) s21.Store(gradient + 40);
        if (TBlock.Rows > 3) s30.Store(gradient + 48);
        if (TBlock.Rows > 3) s31.Store(gradient + 56);
        if (TBlock.Rows > 4) s40.Store(gradient + 64);
        if (TBlock.Rows > 4) s41.Store(gradient + 72);
        if (TBlock.Rows > 5) s50.Store(gradient + 80);
        if (TBlock.Rows > 5) s51.Store(gradient + 88);
    }
}
