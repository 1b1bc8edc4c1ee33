using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LoptCluster.Engine.Numerics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The sums over a tensor of <see cref="MlpPullback"/>. n is the length of the block at hand, without padding.</summary>
internal static unsafe class MlpPullbackKernels
{
    /// <summary>Accumulators of a hidden unit, vectors of 16 one after the other: Σ ō x_f of the seven base vectors, Σ ō, each where the unit is active.</summary>
    public const int Sums = MlpForm.BaseVectors + 1;

    /// <summary>Of a vector of parameters what <see cref="Accumulate"/> reads: ō, ō times the first three base vectors, the active units.</summary>
    public const int EntryLength = 5 * Lanes;

    private const int Lanes = MlpKernels.Lanes;

    /// <summary>
    /// ō0 = −w̄ s and ō1 = ō0 · o0 · λ_exp, s the step size; zero in the padding, whatever s is there. Written as entries for <see cref="Accumulate"/>. Their sums, the
    /// cotangents of b2, are added to the two last.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Outputs(
        MlpVectors v, float* wCotangent, int n, MlpScales scales, MlpOutputs outputs, float* directions, float* magnitudes, ref V directionSum, ref V magnitudeSum)
    {
        V sum0 = directionSum, sum1 = magnitudeSum, exponent = Vector512.Create(scales.Exponent);
        for (int i = 0; i < n; i += Lanes)
        {
            Cotangents(wCotangent + i, outputs.Directions + i, outputs.Steps + i, n - i, exponent, out V o0, out V o1);
            sum0 += o0;
            sum1 += o1;
            o0.Store(directions);
            o1.Store(magnitudes);
            V x = Vector512.Load(v.G + i);
            (o0 * x).Store(directions + Lanes);
            (o1 * x).Store(magnitudes + Lanes);
            x = Vector512.Load(v.M + i);
            (o0 * x).Store(directions + (2 * Lanes));
            (o1 * x).Store(magnitudes + (2 * Lanes));
            x = Vector512.Load(v.M + v.Stride + i);
            (o0 * x).Store(directions + (3 * Lanes));
            (o1 * x).Store(magnitudes + (3 * Lanes));
            x = Vector512.Load((float*)(outputs.Active + i));
            x.Store(directions + (4 * Lanes));
            x.Store(magnitudes + (4 * Lanes));
            directions += EntryLength;
            magnitudes += EntryLength;
        }

        directionSum = sum0;
        magnitudeSum = sum1;
    }

    /// <summary>ō0 and ō1 of sixteen parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cotangents(float* wCotangent, float* direction, float* step, int count, V exponent, out V o0, out V o1)
    {
        o0 = MlpKernels.Masked(-(Vector512.Load(wCotangent) * Vector512.Load(step)), count);
        o1 = MlpKernels.Masked(o0 * Vector512.Load(direction) * exponent, count);
    }

    /// <summary>Adds up ō and ō x_f for every unit over the parameters for which it is active. Uses the entries' active units up.</summary>
    /// <remarks>
    /// Half of the sums are products that were made before, added under a mask, which the adders do; the multipliers do the other half. Two units share each load.
    /// </remarks>
    /// <param name="before">What the sums start from: <paramref name="sums"/> themselves, or with an advance of 0 the zeros for two units.</param>
    /// <param name="advance">Floats from two units' sums to the next two's in <paramref name="before"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(MlpVectors v, int n, float* entries, float* before, nint advance, float* sums)
    {
        float* m2 = v.M + (2 * v.Stride), m3 = m2 + v.Stride, m4 = m3 + v.Stride, w = v.W;
        for (int j = 0; j < MlpForm.Hidden; j += 2)
        {
            float* b = before + (Sums * Lanes), e = entries;
            V s0 = Vector512.Load(before), s1 = Vector512.Load(before + 16), s2 = Vector512.Load(before + 32), s3 = Vector512.Load(before + 48);
            V s4 = Vector512.Load(before + 64), s5 = Vector512.Load(before + 80), s6 = Vector512.Load(before + 96), s7 = Vector512.Load(before + 112);
            V t0 = Vector512.Load(b), t1 = Vector512.Load(b + 16), t2 = Vector512.Load(b + 32), t3 = Vector512.Load(b + 48);
            V t4 = Vector512.Load(b + 64), t5 = Vector512.Load(b + 80), t6 = Vector512.Load(b + 96), t7 = Vector512.Load(b + 112);
            for (int i = 0; i < n; i += Lanes, e += EntryLength)
            {
                V first = Vector512.Load(e + (4 * Lanes)), second = Doubled(first);
                Doubled(second).Store(e + (4 * Lanes));
                V o = Vector512.Load(e), x = Vector512.Load(e + Lanes);
                s7 = MlpMasks.AddWhere(first, s7, o);
                t7 = MlpMasks.AddWhere(second, t7, o);
                s0 = MlpMasks.AddWhere(first, s0, x);
                t0 = MlpMasks.AddWhere(second, t0, x);
                x = Vector512.Load(e + (2 * Lanes));
                s1 = MlpMasks.AddWhere(first, s1, x);
                t1 = MlpMasks.AddWhere(second, t1, x);
                x = Vector512.Load(e + (3 * Lanes));
                s2 = MlpMasks.AddWhere(first, s2, x);
                t2 = MlpMasks.AddWhere(second, t2, x);
                V a = MlpMasks.Where(first, o), c = MlpMasks.Where(second, o);
                x = Vector512.Load(m2 + i);
                s3 = Fma(a, x, s3);
                t3 = Fma(c, x, t3);
                x = Vector512.Load(m3 + i);
                s4 = Fma(a, x, s4);
                t4 = Fma(c, x, t4);
                x = Vector512.Load(m4 + i);
                s5 = Fma(a, x, s5);
                t5 = Fma(c, x, t5);
                x = Vector512.Load(w + i);
                s6 = Fma(a, x, s6);
                t6 = Fma(c, x, t6);
            }

            s0.Store(sums);
            s1.Store(sums + 16);
            s2.Store(sums + 32);
            s3.Store(sums + 48);
            s4.Store(sums + 64);
            s5.Store(sums + 80);
            s6.Store(sums + 96);
            s7.Store(sums + 112);
            t0.Store(sums + 128);
            t1.Store(sums + 144);
            t2.Store(sums + 160);
            t3.Store(sums + 176);
            t4.Store(sums + 192);
            t5.Store(sums + 208);
            t6.Store(sums + 224);
            t7.Store(sums + 240);
            before += advance;
            sums += 2 * Sums * Lanes;
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

    /// <summary>The next unit's bit in the place of the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Doubled(V active) => (active.AsInt32() + active.AsInt32()).AsSingle();

    private static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);
}
