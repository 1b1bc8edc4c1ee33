using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static LoptCluster.Engine.Optimizers.MlpKernels;
using I = System.Runtime.Intrinsics.Vector512<uint>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers;

internal static unsafe partial class MlpEvaluation
{
    /// <summary><see cref="Twos"/> that also tells which units are active, in three integer operations that the multipliers do not see.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void TwosWithActive(MlpVectors v, int n, float* units, (float Direction, float Magnitude) bias, MlpOutputs outputs)
    {
        nint stride = v.Stride;
        for (int i = 0; i < n; i += 2 * Lanes)
        {
            int next = i + Lanes < n ? Lanes : 0;
            float* g = v.G + i, w = v.W + i, m = v.M + i, unit = units;
            V x0 = Vector512.Load(g), x1 = Vector512.Load(m), x2 = Vector512.Load(m + stride), x3 = Vector512.Load(m + (2 * stride));
            V x4 = Vector512.Load(m + (3 * stride)), x5 = Vector512.Load(m + (4 * stride)), x6 = Vector512.Load(w);
            g += next;
            w += next;
            m += next;
            V y0 = Vector512.Load(g), y1 = Vector512.Load(m), y2 = Vector512.Load(m + stride), y3 = Vector512.Load(m + (2 * stride));
            V y4 = Vector512.Load(m + (3 * stride)), y5 = Vector512.Load(m + (4 * stride)), y6 = Vector512.Load(w);
            V od = Vector512.Create(bias.Direction), om = Vector512.Create(bias.Magnitude), pd = od, pm = om, zero = V.Zero;
            I s = I.Zero, t = I.Zero, one = I.One;
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
                s = Append(Append(s, a, one), c, one);
                t = Append(Append(t, b, one), d, one);
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
            om.Store(outputs.Steps + i);
            s.Store(outputs.Active + i);
            pd.Store(outputs.Directions + i + next);
            pm.Store(outputs.Steps + i + next);
            t.Store(outputs.Active + i + next);
        }
    }

    /// <summary>One bit more: h, which is not negative, is not 0. A float's bits as an integer are 0 for 0 alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static I Append(I bits, V h, I one) => bits + bits + Vector512.Min(h.AsUInt32(), one);
}
