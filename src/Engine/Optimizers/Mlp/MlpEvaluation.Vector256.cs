using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

internal static unsafe partial class MlpEvaluation
{
    private const int Vector256Lanes = 8;

    /// <summary><see cref="Run"/> for machines whose vectors have 256 bits: the same bits.</summary>
    /// <remarks>
    /// Two vectors of parameters × four hidden units: eight chains of additions and the four outputs leave room for one input's operands in
    /// sixteen registers. The inputs do not fit beside them and are read again for every four units, three reads from the cache to four
    /// multiply-adds.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void RunVector256(MlpVectors v, int n, float* units, (float Direction, float Magnitude) bias, MlpOutputs outputs)
    {
        nint stride = v.Stride;
        for (int i = 0; i < n; i += 2 * Vector256Lanes)
        {
            float* g = v.G + i, w = v.W + i, m = v.M + i, m3 = m + (3 * stride), unit = units;
            uint* active = outputs.Active == null ? null : outputs.Active + i;
            V od = Vector256.Create(bias.Direction), om = Vector256.Create(bias.Magnitude), pd = od, pm = om;
            do
            {
                V a = Vector256.Create(unit[0]), b = a, c = Vector256.Create(unit[1]), d = c;
                V e = Vector256.Create(unit[2]), f = e, h = Vector256.Create(unit[3]), k = h;
                Add(unit + (MlpUnits.Vectors * Row), g, ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                Add(unit + ((MlpUnits.Vectors + 1) * Row), m, ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                Add(unit + ((MlpUnits.Vectors + 2) * Row), m + stride, ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                Add(unit + ((MlpUnits.Vectors + 3) * Row), m + (2 * stride), ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                Add(unit + ((MlpUnits.Vectors + 4) * Row), m3, ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                Add(unit + ((MlpUnits.Vectors + 5) * Row), m3 + stride, ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                Add(unit + ((MlpUnits.Vectors + 6) * Row), w, ref a, ref b, ref c, ref d, ref e, ref f, ref h, ref k);
                a = ReluVector256(a);
                b = ReluVector256(b);
                c = ReluVector256(c);
                d = ReluVector256(d);
                e = ReluVector256(e);
                f = ReluVector256(f);
                h = ReluVector256(h);
                k = ReluVector256(k);
                if (active != null)
                {
                    Append(active, a, c, e, h);
                    Append(active + Vector256Lanes, b, d, f, k);
                }

                float* direction = unit + (MlpUnits.Direction * Row), magnitude = unit + (MlpUnits.Magnitude * Row);
                Add(direction, a, b, ref od, ref pd);
                Add(magnitude, a, b, ref om, ref pm);
                Add(direction + 1, c, d, ref od, ref pd);
                Add(magnitude + 1, c, d, ref om, ref pm);
                Add(direction + 2, e, f, ref od, ref pd);
                Add(magnitude + 2, e, f, ref om, ref pm);
                Add(direction + 3, h, k, ref od, ref pd);
                Add(magnitude + 3, h, k, ref om, ref pm);
                unit += 4;
            }
            while (unit < units + Row);

            od.Store(outputs.Directions + i);
            pd.Store(outputs.Directions + i + Vector256Lanes);
            om.Store(outputs.Magnitudes + i);
            pm.Store(outputs.Magnitudes + i + Vector256Lanes);
        }
    }

    /// <summary>One input's part of four hidden units (a, b; c, d; e, f; h, k), for two vectors of parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float* weights, float* input, ref V a, ref V b, ref V c, ref V d, ref V e, ref V f, ref V h, ref V k)
    {
        V x = Vector256.Load(input), y = Vector256.Load(input + Vector256Lanes);
        Add(weights, x, y, ref a, ref b);
        Add(weights + 1, x, y, ref c, ref d);
        Add(weights + 2, x, y, ref e, ref f);
        Add(weights + 3, x, y, ref h, ref k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* weight, V x, V y, ref V a, ref V b)
    {
        V factor = Vector256.Create(*weight);
        a = Vector256.FusedMultiplyAdd(factor, x, a);
        b = Vector256.FusedMultiplyAdd(factor, y, b);
    }

    /// <summary>Four bits more, of four units one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(uint* active, V a, V b, V c, V d)
    {
        Vector256<uint> one = Vector256<uint>.One, bits = Vector256.Load(active);
        bits += bits + Vector256.Min(a.AsUInt32(), one);
        bits += bits + Vector256.Min(b.AsUInt32(), one);
        bits += bits + Vector256.Min(c.AsUInt32(), one);
        bits += bits + Vector256.Min(d.AsUInt32(), one);
        bits.Store(active);
    }

    /// <summary>As of the wide vectors: NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReluVector256(V x) => Vector256.MaxNative(V.Zero, x);
}
