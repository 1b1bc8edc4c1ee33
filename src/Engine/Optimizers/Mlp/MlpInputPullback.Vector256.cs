using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using I = System.Runtime.Intrinsics.Vector256<int>;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

internal static unsafe partial class MlpInputPullback
{
    /// <summary>
    /// The sums of sixteen parameters' table entries [14, 16] for machines whose vectors have 256 bits or less: the same additions in the
    /// same order.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void LookUpVector256(float* tables, uint* active, float* found)
    {
        if (!Avx2.IsSupported)
        {
            LookUpScalar(tables, active, found);
            return;
        }

        for (int half = 0; half < Lanes; half += V.Count)
        {
            for (int row = 0; row < Rows; row += MlpShape.BaseVectors)
                SevenRows(tables + (row * Lanes), active + half, found + (row * Lanes) + half);
        }
    }

    /// <summary>Scalar twin of <see cref="LookUpVector256"/>.</summary>
    private static void LookUpScalar(float* tables, uint* active, float* found)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Lanes; i++)
            {
                float sum = 0;
                for (int four = 0; four < Fours; four++)
                    sum += tables[(((four * Rows) + row) * Lanes) + (int)((active[i] >> (4 * four)) & 15)];
                found[(row * Lanes) + i] = sum;
            }
        }
    }

    /// <summary>Of eight parameters the sums of one output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SevenRows(float* table, uint* active, float* found)
    {
        V p0 = V.Zero, p1 = V.Zero, p2 = V.Zero, p3 = V.Zero, p4 = V.Zero, p5 = V.Zero, p6 = V.Zero;
        var index = Vector256.Load((int*)active);
        for (float* end = table + TablesLength; table < end; table += Rows * Lanes, index >>= 4)
        {
            V upper = (index << 28).AsSingle();
            p0 += LookUp(table, index, upper);
            p1 += LookUp(table + 16, index, upper);
            p2 += LookUp(table + 32, index, upper);
            p3 += LookUp(table + 48, index, upper);
            p4 += LookUp(table + 64, index, upper);
            p5 += LookUp(table + 80, index, upper);
            p6 += LookUp(table + 96, index, upper);
        }

        p0.Store(found);
        p1.Store(found + 16);
        p2.Store(found + 32);
        p3.Store(found + 48);
        p4.Store(found + 64);
        p5.Store(found + 80);
        p6.Store(found + 96);
    }

    /// <summary>
    /// table[index mod 16]: a permutation of eight looks at three bits, the sign of <paramref name="upper"/> is the fourth.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LookUp(float* table, I index, V upper) =>
        Avx.BlendVariable(Avx2.PermuteVar8x32(Vector256.Load(table), index), Avx2.PermuteVar8x32(Vector256.Load(table + 8), index), upper);
}
