using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static LoptCluster.Engine.Optimizers.Mlp.MlpKernels;
using I = System.Runtime.Intrinsics.Vector512<uint>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>o = W2ᵀ relu(W1ᵀ x + b1) + b2, a few vectors at a time, whose inputs stay in registers for all 32 hidden units.</summary>
/// <remarks>Every unit of every parameter adds its products in the same order, wherever the parameter is.</remarks>
internal static unsafe partial class MlpEvaluation
{
    private const int Row = MlpShape.Hidden;

    /// <summary>Evaluates the MLP for n parameters of one tensor.</summary>
    /// <param name="v">Inputs.</param>
    /// <param name="n">Parameters; the rest of the last vector of 16 is computed too.</param>
    /// <param name="units">See <see cref="MlpUnits"/>.</param>
    /// <param name="bias">b2.</param>
    /// <param name="outputs">o0 to Directions, o1 to Steps; with Active, which units are.</param>
    public static void Run(MlpVectors v, int n, float* units, (float Direction, float Magnitude) bias, MlpOutputs outputs)
    {
        if (!Vector512.IsHardwareAccelerated) RunVector256(v, n, units, bias, outputs);
        else if (outputs.Active == null) Run<Unknown>(v, n, units, bias, outputs);
        else Run<Known>(v, n, units, bias, outputs);
    }

    private static void Run<TActive>(MlpVectors v, int n, float* units, (float Direction, float Magnitude) bias, MlpOutputs outputs)
        where TActive : struct
    {
        // Four vectors are left over rather than one: two and two are cheaper than three and one.
        int vectors = (n + Lanes - 1) / Lanes, threes = vectors % 3 == 1 ? (vectors / 3) - 1 : vectors / 3;
        int done = Math.Max(0, threes) * 3 * Lanes;
        if (done > 0) Threes<TActive>(v, done, units, bias, outputs);
        if (done < n) Twos<TActive>(v, done, n, units, bias, outputs);
    }

    /// <summary>
    /// Three vectors x, y, z in a row take 31 registers. Each weight is read once for 48 parameters, which leaves the multipliers busy.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Threes<TActive>(MlpVectors v, int end, float* units, (float Direction, float Magnitude) bias, MlpOutputs outputs)
        where TActive : struct
    {
        nint stride = v.Stride;
        for (int i = 0; i < end; i += 3 * Lanes)
        {
            float* g = v.G + i, w = v.W + i, m = v.M + i, unit = units;
            uint* active = outputs.Active + i;
            V x0 = Vector512.Load(g), x1 = Vector512.Load(m), x2 = Vector512.Load(m + stride), x3 = Vector512.Load(m + (2 * stride));
            V x4 = Vector512.Load(m + (3 * stride)), x5 = Vector512.Load(m + (4 * stride)), x6 = Vector512.Load(w);
            g += Lanes;
            w += Lanes;
            m += Lanes;
            V y0 = Vector512.Load(g), y1 = Vector512.Load(m), y2 = Vector512.Load(m + stride), y3 = Vector512.Load(m + (2 * stride));
            V y4 = Vector512.Load(m + (3 * stride)), y5 = Vector512.Load(m + (4 * stride)), y6 = Vector512.Load(w);
            g += Lanes;
            w += Lanes;
            m += Lanes;
            V z0 = Vector512.Load(g), z1 = Vector512.Load(m), z2 = Vector512.Load(m + stride), z3 = Vector512.Load(m + (2 * stride));
            V z4 = Vector512.Load(m + (3 * stride)), z5 = Vector512.Load(m + (4 * stride)), z6 = Vector512.Load(w);
            V od =
                Vector512.Create(bias.Direction), om = Vector512.Create(bias.Magnitude), pd = od, pm = om, qd = od, qm = om, zero = V.Zero;
            do
            {
                V b = Vector512.Create(unit[0]), h = b, k = b, l = b;
                b = Vector512.Create(unit[MlpUnits.Vectors * Row]);
                h = Fma(b, x0, h);
                k = Fma(b, y0, k);
                l = Fma(b, z0, l);
                b = Vector512.Create(unit[(MlpUnits.Vectors + 1) * Row]);
                h = Fma(b, x1, h);
                k = Fma(b, y1, k);
                l = Fma(b, z1, l);
                b = Vector512.Create(unit[(MlpUnits.Vectors + 2) * Row]);
                h = Fma(b, x2, h);
                k = Fma(b, y2, k);
                l = Fma(b, z2, l);
                b = Vector512.Create(unit[(MlpUnits.Vectors + 3) * Row]);
                h = Fma(b, x3, h);
                k = Fma(b, y3, k);
                l = Fma(b, z3, l);
                b = Vector512.Create(unit[(MlpUnits.Vectors + 4) * Row]);
                h = Fma(b, x4, h);
                k = Fma(b, y4, k);
                l = Fma(b, z4, l);
                b = Vector512.Create(unit[(MlpUnits.Vectors + 5) * Row]);
                h = Fma(b, x5, h);
                k = Fma(b, y5, k);
                l = Fma(b, z5, l);
                b = Vector512.Create(unit[(MlpUnits.Vectors + 6) * Row]);
                h = Fma(b, x6, h);
                k = Fma(b, y6, k);
                l = Fma(b, z6, l);
                h = Relu(h, zero);
                k = Relu(k, zero);
                l = Relu(l, zero);
                if (typeof(TActive) == typeof(Known))
                {
                    Append(active, h);
                    Append(active + Lanes, k);
                    Append(active + (2 * Lanes), l);
                }

                b = Vector512.Create(unit[MlpUnits.Direction * Row]);
                od = Fma(b, h, od);
                pd = Fma(b, k, pd);
                qd = Fma(b, l, qd);
                b = Vector512.Create(unit[MlpUnits.Magnitude * Row]);
                om = Fma(b, h, om);
                pm = Fma(b, k, pm);
                qm = Fma(b, l, qm);
                unit++;
            }
            while (unit < units + Row);

            od.Store(outputs.Directions + i);
            pd.Store(outputs.Directions + i + Lanes);
            qd.Store(outputs.Directions + i + (2 * Lanes));
            om.Store(outputs.Magnitudes + i);
            pm.Store(outputs.Magnitudes + i + Lanes);
            qm.Store(outputs.Magnitudes + i + (2 * Lanes));
        }
    }

    /// <summary>
    /// Two vectors, x and y; at the end of an odd number y is x again. Two hidden units go side by side: four chains of additions.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Twos<TActive>(
        MlpVectors v, int start, int n, float* units, (float Direction, float Magnitude) bias, MlpOutputs outputs)
        where TActive : struct
    {
        nint stride = v.Stride;
        for (int i = start; i < n; i += 2 * Lanes)
        {
            int next = i + Lanes < n ? Lanes : 0;
            float* g = v.G + i, w = v.W + i, m = v.M + i, unit = units;
            uint* active = outputs.Active + i;
            V x0 = Vector512.Load(g), x1 = Vector512.Load(m), x2 = Vector512.Load(m + stride), x3 = Vector512.Load(m + (2 * stride));
            V x4 = Vector512.Load(m + (3 * stride)), x5 = Vector512.Load(m + (4 * stride)), x6 = Vector512.Load(w);
            g += next;
            w += next;
            m += next;
            V y0 = Vector512.Load(g), y1 = Vector512.Load(m), y2 = Vector512.Load(m + stride), y3 = Vector512.Load(m + (2 * stride));
            V y4 = Vector512.Load(m + (3 * stride)), y5 = Vector512.Load(m + (4 * stride)), y6 = Vector512.Load(w);
            V od = Vector512.Create(bias.Direction), om = Vector512.Create(bias.Magnitude), pd = od, pm = om, zero = V.Zero;
            do
            {
                V a = Vector512.Create(unit[0]), b = a, c = Vector512.Create(unit[1]), d = c;
                Add(unit + (MlpUnits.Vectors * Row), x0, y0, ref a, ref b, ref c, ref d);
                Add(unit + ((MlpUnits.Vectors + 1) * Row), x1, y1, ref a, ref b, ref c, ref d);
                Add(unit + ((MlpUnits.Vectors + 2) * Row), x2, y2, ref a, ref b, ref c, ref d);
                Add(unit + ((MlpUnits.Vectors + 3) * Row), x3, y3, ref a, ref b, ref c, ref d);
                Add(unit + ((MlpUnits.Vectors + 4) * Row), x4, y4, ref a, ref b, ref c, ref d);
                Add(unit + ((MlpUnits.Vectors + 5) * Row), x5, y5, ref a, ref b, ref c, ref d);
                Add(unit + ((MlpUnits.Vectors + 6) * Row), x6, y6, ref a, ref b, ref c, ref d);
                a = Relu(a, zero);
                b = Relu(b, zero);
                c = Relu(c, zero);
                d = Relu(d, zero);
                if (typeof(TActive) == typeof(Known))
                {
                    Append(active, a, c);
                    if (next > 0) Append(active + Lanes, b, d);
                }

                V e = Vector512.Create(unit[MlpUnits.Direction * Row]), f = Vector512.Create(unit[MlpUnits.Magnitude * Row]);
                od = Fma(e, a, od);
                pd = Fma(e, b, pd);
                om = Fma(f, a, om);
                pm = Fma(f, b, pm);
                e = Vector512.Create(unit[(MlpUnits.Direction * Row) + 1]);
                f = Vector512.Create(unit[(MlpUnits.Magnitude * Row) + 1]);
                od = Fma(e, c, od);
                pd = Fma(e, d, pd);
                om = Fma(f, c, om);
                pm = Fma(f, d, pm);
                unit += 2;
            }
            while (unit < units + Row);

            od.Store(outputs.Directions + i);
            om.Store(outputs.Magnitudes + i);
            pd.Store(outputs.Directions + i + next);
            pm.Store(outputs.Magnitudes + i + next);
        }
    }

    /// <summary>Which units are active is told. As a type, so that the compiler makes a kernel for each.</summary>
    private readonly struct Known;

    /// <summary>Tag: the active units are not known, and the kernel finds them.</summary>
    private readonly struct Unknown;

    /// <summary>One bit more, the lowest: h, which is not negative, is not 0. In memory, for want of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(uint* active, V h) => ((Vector512.Load(active) << 1) + Bit(h)).Store(active);

    /// <summary>Two bits more: of one unit, and of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(uint* active, V first, V second) =>
        ((((Vector512.Load(active) << 1) + Bit(first)) << 1) + Bit(second)).Store(active);

    /// <summary>A float's bits as an integer are 0 for 0 alone. A comparison would take a multiplier's turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static I Bit(V h) => Vector512.Min(h.AsUInt32(), I.One);

    /// <summary>One input's part of two hidden units (a, b and c, d), for two vectors of parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* weights, V x, V y, ref V a, ref V b, ref V c, ref V d)
    {
        V first = Vector512.Create(weights[0]), second = Vector512.Create(weights[1]);
        a = Fma(first, x, a);
        b = Fma(first, y, b);
        c = Fma(second, x, c);
        d = Fma(second, y, d);
    }
}
