using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LoptCluster.Engine.Numerics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The sweeps of <see cref="MlpPullback"/>. n is the length of the block or tensor at hand, without padding.</summary>
internal static unsafe class MlpPullbackKernels
{
    /// <summary>Accumulators of a hidden unit, vectors of 16 one after the other: seven S, Σ h̄, Σ h ō0, Σ h ō1.</summary>
    public const int Sums = 10;
    public const int SumBias = 7;
    public const int SumDirection = 8;
    public const int SumMagnitude = 9;

    private const int Lanes = MlpKernels.Lanes;
    private const int Block = MlpEvaluation.Block;

    /// <summary>
    /// o becomes ō in <paramref name="outputs"/> [2, Block]: ō0 = −w̄ λ_lin e, ō1 = ō0 · o0 · λ_exp, e = exp(λ_exp o1); zero in the padding, whatever e is there.
    /// Their sums, the cotangents of b2, are added to the two last.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Outputs(float* wCotangent, int n, MlpScales scales, float* outputs, ref V directionSum, ref V magnitudeSum)
    {
        V directions = directionSum, magnitudes = magnitudeSum, exponent = Vector512.Create(scales.Exponent);
        for (int i = 0; i < n; i += Lanes)
        {
            V direction = Vector512.Load(outputs + i), magnitude = Vector512.Load(outputs + Block + i);
            V o0 = MlpKernels.Masked(-(Vector512.Load(wCotangent + i) * MlpKernels.StepSize(magnitude, scales)), n - i);
            V o1 = MlpKernels.Masked(o0 * direction * exponent, n - i);
            o0.Store(outputs + i);
            o1.Store(outputs + Block + i);
            directions += o0;
            magnitudes += o1;
        }

        directionSum = directions;
        magnitudeSum = magnitudes;
    }

    /// <summary>Sweep 2: h becomes h̄ in place; S, the bias's and the output weights' sums. Two units share each load of the inputs.</summary>
    /// <param name="before">What the sums start from: <paramref name="sums"/> themselves, or with an advance of 0 the zeros for two units.</param>
    /// <param name="advance">Floats from two units' sums to the next two's in <paramref name="before"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(MlpVectors v, int n, float* units, float* hidden, float* outputs, float* before, nint advance, float* sums)
    {
        float* g = v.G, w = v.W;
        float* m0 = v.M, m1 = m0 + v.Stride, m2 = m1 + v.Stride, m3 = m2 + v.Stride, m4 = m3 + v.Stride;
        float* directions = units + (MlpUnits.Direction * MlpForm.Hidden), magnitudes = units + (MlpUnits.Magnitude * MlpForm.Hidden);
        for (int j = 0; j < MlpForm.Hidden; j += 2)
        {
            float* s = sums;
            float* t = sums + (Sums * Lanes);
            float* h = hidden;
            float* l = hidden + Block;
            V d = Vector512.Create(directions[j]), e = Vector512.Create(magnitudes[j]);
            V p = Vector512.Create(directions[j + 1]), q = Vector512.Create(magnitudes[j + 1]);
            V s0 = Vector512.Load(before), s1 = Vector512.Load(before + 16), s2 = Vector512.Load(before + 32), s3 = Vector512.Load(before + 48);
            V s4 = Vector512.Load(before + 64), s5 = Vector512.Load(before + 80), s6 = Vector512.Load(before + 96), s7 = Vector512.Load(before + 112);
            V s8 = Vector512.Load(before + 128), s9 = Vector512.Load(before + 144), t0 = Vector512.Load(before + 160), t1 = Vector512.Load(before + 176);
            V t2 = Vector512.Load(before + 192), t3 = Vector512.Load(before + 208), t4 = Vector512.Load(before + 224), t5 = Vector512.Load(before + 240);
            V t6 = Vector512.Load(before + 256), t7 = Vector512.Load(before + 272), t8 = Vector512.Load(before + 288), t9 = Vector512.Load(before + 304);
            for (int i = 0; i < n; i += Lanes)
            {
                V o0 = Vector512.Load(outputs + i), o1 = Vector512.Load(outputs + Block + i);
                V a = Vector512.Load(h + i), b = Vector512.Load(l + i);
                s8 = Fma(a, o0, s8);
                t8 = Fma(b, o0, t8);
                s9 = Fma(a, o1, s9);
                t9 = Fma(b, o1, t9);
                a = Fma(d, o0, e * o1) & Positive(a);
                b = Fma(p, o0, q * o1) & Positive(b);
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
            before += advance;
            sums += 2 * Sums * Lanes;
            hidden += 2 * Block;
        }
    }

    /// <summary>Sweep 3: q_f = Σⱼ W_fj h̄ⱼ, f by f <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Direct(int n, float* units, float* hidden, float* direct, nint stride)
    {
        const int Row = MlpForm.Hidden;
        for (int i = 0; i < n; i += 2 * Lanes)
        {
            int next = i + Lanes < n ? Lanes : 0;
            V x0 = V.Zero, x1 = V.Zero, x2 = V.Zero, x3 = V.Zero, x4 = V.Zero, x5 = V.Zero, x6 = V.Zero;
            V y0 = V.Zero, y1 = V.Zero, y2 = V.Zero, y3 = V.Zero, y4 = V.Zero, y5 = V.Zero, y6 = V.Zero;
            float* h = hidden + i;
            float* unit = units + (MlpUnits.Vectors * Row);
            float* end = unit + Row;
            do
            {
                V a = Vector512.Load(h), b = Vector512.Load(h + next);
                V c = Vector512.Create(unit[0]);
                x0 = Fma(c, a, x0);
                y0 = Fma(c, b, y0);
                c = Vector512.Create(unit[Row]);
                x1 = Fma(c, a, x1);
                y1 = Fma(c, b, y1);
                c = Vector512.Create(unit[2 * Row]);
                x2 = Fma(c, a, x2);
                y2 = Fma(c, b, y2);
                c = Vector512.Create(unit[3 * Row]);
                x3 = Fma(c, a, x3);
                y3 = Fma(c, b, y3);
                c = Vector512.Create(unit[4 * Row]);
                x4 = Fma(c, a, x4);
                y4 = Fma(c, b, y4);
                c = Vector512.Create(unit[5 * Row]);
                x5 = Fma(c, a, x5);
                y5 = Fma(c, b, y5);
                c = Vector512.Create(unit[6 * Row]);
                x6 = Fma(c, a, x6);
                y6 = Fma(c, b, y6);
                h += Block;
                unit++;
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

    /// <summary>The cotangents of g, w, m from q and κ; those of m pass on through m ← β m + (1 − β) g. Padding stays zero, whatever κ is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Inputs(MlpVectors v, MlpVectors cotangents, int n, float* direct, nint stride, float* correction)
    {
        V kg = Vector512.Create(correction[0]), kw = Vector512.Create(correction[MlpForm.WeightVector]);
        V k0 = Vector512.Create(correction[1]), k1 = Vector512.Create(correction[2]), k2 = Vector512.Create(correction[3]);
        V k3 = Vector512.Create(correction[4]), k4 = Vector512.Create(correction[5]);
        V b0 = MlpKernels.Keep(0), b1 = MlpKernels.Keep(1), b2 = MlpKernels.Keep(2), b3 = MlpKernels.Keep(3), b4 = MlpKernels.Keep(4);
        V c0 = MlpKernels.Take(0), c1 = MlpKernels.Take(1), c2 = MlpKernels.Take(2), c3 = MlpKernels.Take(3), c4 = MlpKernels.Take(4);
        nint from = v.Stride, to = cotangents.Stride;
        for (int i = 0; i < n; i += Lanes)
        {
            float* q = direct + i, m = v.M + i, c = cotangents.M + i, wc = cotangents.W + i;
            int left = n - i;
            V g = Fma(kg, Vector512.Load(v.G + i), Vector512.Load(q));
            Momentum(m, c, q + stride, left, k0, b0, c0, ref g);
            Momentum(m + from, c + to, q + (2 * stride), left, k1, b1, c1, ref g);
            Momentum(m + (2 * from), c + (2 * to), q + (3 * stride), left, k2, b2, c2, ref g);
            Momentum(m + (3 * from), c + (3 * to), q + (4 * stride), left, k3, b3, c3, ref g);
            Momentum(m + (4 * from), c + (4 * to), q + (5 * stride), left, k4, b4, c4, ref g);
            MlpKernels.Masked(g, left).Store(cotangents.G + i);
            V w = Fma(kw, Vector512.Load(v.W + i), Vector512.Load(q + (6 * stride)));
            MlpKernels.Masked(Vector512.Load(wc) + w, left).Store(wc);
        }
    }

    /// <summary>Sums of the sixteen elements of four vectors, as <see cref="VectorMath.Sum"/> finds them, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SumFour(V a, V b, V c, V d)
    {
        if (!Sse.IsSupported)
            return Vector256.Create((double)VectorMath.Sum(a), VectorMath.Sum(b), VectorMath.Sum(c), VectorMath.Sum(d));
        Vector128<float> a4 = Quarter(a), b4 = Quarter(b), c4 = Quarter(c), d4 = Quarter(d);
        var ab = Sse.UnpackLow(a4, b4) + Sse.UnpackHigh(a4, b4);
        var cd = Sse.UnpackLow(c4, d4) + Sse.UnpackHigh(c4, d4);
        var sums = Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab);
        return Vector256.Create(Vector128.WidenLower(sums), Vector128.WidenUpper(sums));
    }

    private static Vector128<float> Quarter(V x)
    {
        var eight = x.GetLower() + x.GetUpper();
        return eight.GetLower() + eight.GetUpper();
    }

    /// <summary>All bits where h &gt; 0, for h that is not negative: 0 − bits is negative there. Cheaper than a comparison, which takes a multiplier's turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Positive(V h) => ((Vector512<int>.Zero - h.AsInt32()) >> 31).AsSingle();

    /// <summary>One momentum's cotangent, and what it sends on to g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Momentum(float* m, float* cotangent, float* direct, int count, V correction, V keep, V take, ref V g)
    {
        V c = Vector512.Load(cotangent) + Fma(correction, Vector512.Load(m), Vector512.Load(direct));
        g = Fma(take, c, g);
        MlpKernels.Masked(c * keep, count).Store(cotangent);
    }

    private static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);
}
