using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Elementwise;

internal static partial class VectorMath
{
    /// <summary>Computes eˣ of eight floats, for machines with 256-bit vectors: the same bits as for sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        var round = Vector256.Create(Rounder);
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), round);
        var n = shifted - round;
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(Ln2Low), r);
        var y = Vector256.Create(Exp7);
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(Exp6));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(Exp5));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(Exp4));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(Exp3));
        y = Vector256.FusedMultiplyAdd(y, r, Vector256.Create(Exp2));
        y = Vector256.FusedMultiplyAdd(y, r * r, r) + V.One;
        y = (y.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
        return Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(x, Vector256.Create(LeastExponent)), y, Vector256.MaxNative(V.Zero, x));
    }
}
