using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The vector-Jacobian product of the MLP optimizer on one tensor, and its scratch memory.</summary>
/// <remarks>
/// Three sweeps over blocks of parameters that stay in the first-level cache: (1) hidden units h and the outputs' cotangents; (2) cotangents
/// of the units, and S[f][j] = Σᵢ h̄ᵢⱼ x_f,ᵢ over the tensor; (3) q_f = Σⱼ W_fj h̄ⱼ, the direct part of the inputs' cotangents.
/// <para>
/// With r = rsqrt(ε + mean x²), an input s·r·x of weight W pulls back to x as s·r·Σⱼ W_j h̄ⱼ, plus x times
/// κ = −s³ r³ / n · Σⱼ W_j S_j through the normaliser. S is needed for θ's cotangent anyway (W̄_j = s·r·S_j), so κ costs nothing.
/// </para>
/// </remarks>
internal sealed unsafe class MlpPullback : IDisposable
{
    private const int Lanes = 16;

    /// <summary>Parameters in a block: 32 hidden units of them are 16 kB.</summary>
    private const int Block = 128;

    /// <summary>Accumulators of a hidden unit: seven S, the bias, the two output weights.</summary>
    private const int Sums = 10;
    private const int SumBias = 7;
    private const int SumDirection = 8;
    private const int SumMagnitude = 9;

    private readonly MlpForm _form;
    private readonly AlignedBuffer _hidden = new(MlpForm.Hidden * Block);
    private readonly AlignedBuffer _outputs = new(2 * Block);
    private readonly AlignedBuffer _sums = new(MlpForm.Hidden * Sums * Lanes);
    private readonly AlignedBuffer _direct;
    private readonly AlignedBuffer _squareSums = new(MlpForm.BaseVectors);
    private readonly int _directStride;
    private readonly float[] _correction = new float[MlpForm.BaseVectors];

    public MlpPullback(MlpForm form, int longestTensor)
    {
        _form = form;
        _directStride = (longestTensor + Lanes - 1) / Lanes * Lanes;
        _direct = new AlignedBuffer((long)_directStride * MlpForm.BaseVectors);
    }

    /// <summary>Sums of squares of g, the momenta, w, over the tensor at hand.</summary>
    public float* SquareSums => _squareSums.Pointer;

    /// <summary>One tensor. <paramref name="cotangents"/>: w and m in and out, g out; <paramref name="thetaCotangent"/> is added to.</summary>
    public void Run(
        ReadOnlySpan<float> theta,
        MlpVectors vectors,
        MlpVectors cotangents,
        int n,
        float* units,
        (float Direction, float Magnitude) bias,
        MlpScales scales,
        ReadOnlySpan<float> normalizers,
        ReadOnlySpan<float> time,
        Span<double> thetaCotangent)
    {
        _sums.Span.Clear();
        V direction = V.Zero, magnitude = V.Zero;
        for (int i = 0; i < n; i += Block)
        {
            int count = Math.Min(Block, n - i);
            var block = new MlpVectors(vectors.G + i, vectors.W + i, vectors.M + i, vectors.Stride);
            Outputs(block, cotangents.W + i, count, units, bias, scales, _hidden.Pointer, _outputs.Pointer, ref direction, ref magnitude);
            Accumulate(block, count, units, _hidden.Pointer, _outputs.Pointer, _sums.Pointer);
            Direct(count, units, _hidden.Pointer, _direct.Pointer + i, _directStride);
        }

        thetaCotangent[_form.Bias2] += VectorMath.Sum(direction);
        thetaCotangent[_form.Bias2 + 1] += VectorMath.Sum(magnitude);
        Theta(theta, n, normalizers, time, thetaCotangent);
        fixed (float* correction = _correction) Inputs(vectors, cotangents, n, _direct.Pointer, _directStride, correction);
    }

    public void Dispose()
    {
        _hidden.Dispose();
        _outputs.Dispose();
        _sums.Dispose();
        _direct.Dispose();
        _squareSums.Dispose();
    }

    /// <summary>Sweep 1: h of every unit into <paramref name="hidden"/> [32, Block]; ō0, ō1 into <paramref name="outputs"/> [2, Block].</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Outputs(
        MlpVectors v, float* wCotangent, int n, float* units, (float Direction, float Magnitude) bias, MlpScales scales,
        float* hidden, float* outputs, ref V directionSum, ref V magnitudeSum)
    {
        nint stride = v.Stride;
        V z = V.Zero, exponent = Vector512.Create(scales.Exponent), step = Vector512.Create(scales.Step);
        for (int i = 0; i < n; i += 2 * Lanes)
        {
            int next = i + Lanes < n ? Lanes : 0;
            float* g = v.G + i, w = v.W + i, m = v.M + i, h0 = hidden + i;
            V x0 = Vector512.Load(g), x1 = Vector512.Load(m), x2 = Vector512.Load(m + stride), x3 = Vector512.Load(m + (2 * stride));
            V x4 = Vector512.Load(m + (3 * stride)), x5 = Vector512.Load(m + (4 * stride)), x6 = Vector512.Load(w);
            m += next;
            V y0 = Vector512.Load(g + next), y1 = Vector512.Load(m), y2 = Vector512.Load(m + stride), y3 = Vector512.Load(m + (2 * stride));
            V y4 = Vector512.Load(m + (3 * stride)), y5 = Vector512.Load(m + (4 * stride)), y6 = Vector512.Load(w + next);
            V xd = Vector512.Create(bias.Direction), xm = Vector512.Create(bias.Magnitude), yd = xd, ym = xm;
            float* unit = units;
            float* end = units + (MlpKernels.UnitLength * MlpForm.Hidden);
            do
            {
                V b = Vector512.Create(unit[MlpKernels.UnitBias]), h = b, l = b;
                b = Vector512.Create(unit[MlpKernels.UnitWeights]);
                h = Fma(b, x0, h);
                l = Fma(b, y0, l);
                b = Vector512.Create(unit[MlpKernels.UnitWeights + 1]);
                h = Fma(b, x1, h);
                l = Fma(b, y1, l);
                b = Vector512.Create(unit[MlpKernels.UnitWeights + 2]);
                h = Fma(b, x2, h);
                l = Fma(b, y2, l);
                b = Vector512.Create(unit[MlpKernels.UnitWeights + 3]);
                h = Fma(b, x3, h);
                l = Fma(b, y3, l);
                b = Vector512.Create(unit[MlpKernels.UnitWeights + 4]);
                h = Fma(b, x4, h);
                l = Fma(b, y4, l);
                b = Vector512.Create(unit[MlpKernels.UnitWeights + 5]);
                h = Fma(b, x5, h);
                l = Fma(b, y5, l);
                b = Vector512.Create(unit[MlpKernels.UnitWeights + 6]);
                h = MlpKernels.Relu(Fma(b, x6, h), z);
                l = MlpKernels.Relu(Fma(b, y6, l), z);
                h.Store(h0);
                l.Store(h0 + next);
                b = Vector512.Create(unit[MlpKernels.UnitDirection]);
                xd = Fma(b, h, xd);
                yd = Fma(b, l, yd);
                b = Vector512.Create(unit[MlpKernels.UnitMagnitude]);
                xm = Fma(b, h, xm);
                ym = Fma(b, l, ym);
                h0 += Block;
                unit += MlpKernels.UnitLength;
            }
            while (unit < end);

            Output(Vector512.Load(wCotangent + i), xd, xm, n - i, exponent, step, outputs + i, ref directionSum, ref magnitudeSum);
            if (next != 0)
                Output(Vector512.Load(wCotangent + i + next), yd, ym, n - i - next, exponent, step, outputs + i + next, ref directionSum, ref magnitudeSum);
        }
    }

    /// <summary>ō0 = −w̄ λ_lin e, ō1 = ō0 · o0 · λ_exp, e = exp(λ_exp o1); zero in the padding, whatever e is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output(
        V wCotangent, V direction, V magnitude, int count, V exponent, V step, float* outputs, ref V directionSum, ref V magnitudeSum)
    {
        var o0 = MlpKernels.Masked(-(wCotangent * (MlpKernels.Exp(magnitude * exponent) * step)), count);
        var o1 = MlpKernels.Masked(o0 * direction * exponent, count);
        o0.Store(outputs);
        o1.Store(outputs + Block);
        directionSum += o0;
        magnitudeSum += o1;
    }

    /// <summary>Sweep 2: h becomes h̄ in place; S, the bias's and the output weights' sums. Two units share each load of the inputs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(MlpVectors v, int n, float* units, float* hidden, float* outputs, float* sums)
    {
        float* g = v.G, w = v.W;
        float* m0 = v.M, m1 = m0 + v.Stride, m2 = m1 + v.Stride, m3 = m2 + v.Stride, m4 = m3 + v.Stride;
        for (int j = 0; j < MlpForm.Hidden; j += 2)
        {
            float* s = sums;
            float* t = sums + (Sums * Lanes);
            float* h = hidden;
            float* l = hidden + Block;
            V d = Vector512.Create(units[MlpKernels.UnitDirection]), e = Vector512.Create(units[MlpKernels.UnitMagnitude]);
            V p = Vector512.Create(units[MlpKernels.UnitLength + MlpKernels.UnitDirection]), q = Vector512.Create(units[MlpKernels.UnitLength + MlpKernels.UnitMagnitude]);
            V s0 = Vector512.Load(s), s1 = Vector512.Load(s + 16), s2 = Vector512.Load(s + 32), s3 = Vector512.Load(s + 48), s4 = Vector512.Load(s + 64);
            V s5 = Vector512.Load(s + 80), s6 = Vector512.Load(s + 96), s7 = Vector512.Load(s + 112), s8 = Vector512.Load(s + 128), s9 = Vector512.Load(s + 144);
            V t0 = Vector512.Load(t), t1 = Vector512.Load(t + 16), t2 = Vector512.Load(t + 32), t3 = Vector512.Load(t + 48), t4 = Vector512.Load(t + 64);
            V t5 = Vector512.Load(t + 80), t6 = Vector512.Load(t + 96), t7 = Vector512.Load(t + 112), t8 = Vector512.Load(t + 128), t9 = Vector512.Load(t + 144);
            for (int i = 0; i < n; i += Lanes)
            {
                V o0 = Vector512.Load(outputs + i), o1 = Vector512.Load(outputs + Block + i);
                V a = Vector512.Load(h + i), b = Vector512.Load(l + i);
                s8 = Fma(a, o0, s8);
                s9 = Fma(a, o1, s9);
                t8 = Fma(b, o0, t8);
                t9 = Fma(b, o1, t9);
                a = Fma(d, o0, e * o1) & Vector512.GreaterThan(a, V.Zero);
                b = Fma(p, o0, q * o1) & Vector512.GreaterThan(b, V.Zero);
                a.Store(h + i);
                b.Store(l + i);
                s7 += a;
                t7 += b;
                V x = Vector512.Load(g + i);
                s0 = Fma(a, x, s0);
                t0 = Fma(b, x, t0);
                x = Vector512.Load(m0 + i);
                s1 = Fma(a, x, s1);
                t1 = Fma(b, x, t1);
                x = Vector512.Load(m1 + i);
                s2 = Fma(a, x, s2);
                t2 = Fma(b, x, t2);
                x = Vector512.Load(m2 + i);
                s3 = Fma(a, x, s3);
                t3 = Fma(b, x, t3);
                x = Vector512.Load(m3 + i);
                s4 = Fma(a, x, s4);
                t4 = Fma(b, x, t4);
                x = Vector512.Load(m4 + i);
                s5 = Fma(a, x, s5);
                t5 = Fma(b, x, t5);
                x = Vector512.Load(w + i);
                s6 = Fma(a, x, s6);
                t6 = Fma(b, x, t6);
            }

            s0.Store(s);
            s1.Store(s + 16);
            s2.Store(s + 32);
            s3.Store(s + 48);
            s4.Store(s + 64);
            s5.Store(s + 80);
            s6.Store(s + 96);
            s7.Store(s + 112);
            s8.Store(s + 128);
            s9.Store(s + 144);
            t0.Store(t);
            t1.Store(t + 16);
            t2.Store(t + 32);
            t3.Store(t + 48);
            t4.Store(t + 64);
            t5.Store(t + 80);
            t6.Store(t + 96);
            t7.Store(t + 112);
            t8.Store(t + 128);
            t9.Store(t + 144);
            sums += 2 * Sums * Lanes;
            hidden += 2 * Block;
            units += 2 * MlpKernels.UnitLength;
        }
    }

    /// <summary>Sweep 3: q_f = Σⱼ W_fj h̄ⱼ, f by f <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Direct(int n, float* units, float* hidden, float* direct, nint stride)
    {
        for (int i = 0; i < n; i += 2 * Lanes)
        {
            int next = i + Lanes < n ? Lanes : 0;
            V x0 = V.Zero, x1 = V.Zero, x2 = V.Zero, x3 = V.Zero, x4 = V.Zero, x5 = V.Zero, x6 = V.Zero;
            V y0 = V.Zero, y1 = V.Zero, y2 = V.Zero, y3 = V.Zero, y4 = V.Zero, y5 = V.Zero, y6 = V.Zero;
            float* h = hidden + i;
            float* unit = units + MlpKernels.UnitWeights;
            float* end = unit + (MlpKernels.UnitLength * MlpForm.Hidden);
            do
            {
                V a = Vector512.Load(h), b = Vector512.Load(h + next);
                V c = Vector512.Create(unit[0]);
                x0 = Fma(c, a, x0);
                y0 = Fma(c, b, y0);
                c = Vector512.Create(unit[1]);
                x1 = Fma(c, a, x1);
                y1 = Fma(c, b, y1);
                c = Vector512.Create(unit[2]);
                x2 = Fma(c, a, x2);
                y2 = Fma(c, b, y2);
                c = Vector512.Create(unit[3]);
                x3 = Fma(c, a, x3);
                y3 = Fma(c, b, y3);
                c = Vector512.Create(unit[4]);
                x4 = Fma(c, a, x4);
                y4 = Fma(c, b, y4);
                c = Vector512.Create(unit[5]);
                x5 = Fma(c, a, x5);
                y5 = Fma(c, b, y5);
                c = Vector512.Create(unit[6]);
                x6 = Fma(c, a, x6);
                y6 = Fma(c, b, y6);
                h += Block;
                unit += MlpKernels.UnitLength;
            }
            while (unit < end);

            float* q = direct + i;
            x0.Store(q);
            x1.Store(q + stride);
            x2.Store(q + (2 * stride));
            x3.Store(q + (3 * stride));
            x4.Store(q + (4 * stride));
            x5.Store(q + (5 * stride));
            x6.Store(q + (6 * stride));
            q += next;
            y0.Store(q);
            y1.Store(q + stride);
            y2.Store(q + (2 * stride));
            y3.Store(q + (3 * stride));
            y4.Store(q + (4 * stride));
            y5.Store(q + (5 * stride));
            y6.Store(q + (6 * stride));
        }
    }

    /// <summary>The cotangents of g, w, m from q and κ; those of m pass on through m ← β m + (1 − β) g.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Inputs(MlpVectors v, MlpVectors cotangents, int n, float* direct, nint stride, float* correction)
    {
        V kg = Vector512.Create(correction[0]), kw = Vector512.Create(correction[MlpForm.WeightVector]);
        for (int i = 0; i < n; i += Lanes)
        {
            V g = Fma(kg, Vector512.Load(v.G + i), Vector512.Load(direct + i));
            float* wc = cotangents.W + i;
            (Vector512.Load(wc) + Fma(kw, Vector512.Load(v.W + i), Vector512.Load(direct + (MlpForm.WeightVector * stride) + i))).Store(wc);
            for (int f = 0; f < MlpForm.Momenta; f++)
            {
                float* mc = cotangents.M + (f * cotangents.Stride) + i;
                V m = Vector512.Load(mc) + Fma(Vector512.Create(correction[f + 1]), Vector512.Load(v.M + (f * v.Stride) + i), Vector512.Load(direct + ((f + 1) * stride) + i));
                g = Fma(MlpKernels.Take(f), m, g);
                (m * MlpKernels.Keep(f)).Store(mc);
            }

            MlpKernels.Masked(g, n - i).Store(cotangents.G + i);
        }
    }

    private static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>θ's cotangent from the tensor's sums, and κ of each base vector.</summary>
    private void Theta(ReadOnlySpan<float> theta, int n, ReadOnlySpan<float> normalizers, ReadOnlySpan<float> time, Span<double> thetaCotangent)
    {
        Span<double> total = stackalloc double[MlpForm.Hidden * Sums];
        float* sums = _sums.Pointer;
        for (int k = 0; k < total.Length; k++) total[k] = VectorMath.Sum(Vector512.Load(sums + (k * Lanes)));

        Array.Clear(_correction);
        for (int r = 0; r < _form.VectorRows.Length; r++)
        {
            var (row, vector, scale) = _form.VectorRows[r];
            double factor = (double)scale * normalizers[r], pull = 0;
            for (int j = 0; j < MlpForm.Hidden; j++)
            {
                double s = total[(j * Sums) + vector];
                thetaCotangent[(row * MlpForm.Hidden) + j] += factor * s;
                pull += theta[(row * MlpForm.Hidden) + j] * s;
            }

            _correction[vector] -= (float)(factor * factor * factor / n * pull);
        }

        for (int j = 0; j < MlpForm.Hidden; j++)
        {
            double bias = total[(j * Sums) + SumBias];
            thetaCotangent[_form.Bias1 + j] += bias;
            for (int k = 0; k < time.Length; k++) thetaCotangent[((_form.FirstTimeRow + k) * MlpForm.Hidden) + j] += time[k] * bias;
            foreach (var (row, value) in _form.ConstantRows) thetaCotangent[(row * MlpForm.Hidden) + j] += value * bias;
            thetaCotangent[_form.Weights2 + (2 * j)] += total[(j * Sums) + SumDirection];
            thetaCotangent[_form.Weights2 + (2 * j) + 1] += total[(j * Sums) + SumMagnitude];
        }
    }
}
