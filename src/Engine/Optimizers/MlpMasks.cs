using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Operations under a mask, which is the sign of each element of a vector, whatever else is in it. The same bits on every machine.</summary>
internal static class MlpMasks
{
    /// <summary>sum + x where the mask is set, elsewhere the sum, which is not −0: one instruction with AVX-512, of the adders and not of the multipliers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddWhere(V mask, V sum, V x) => Avx512F.IsSupported ? Avx512F.BlendVariable(sum, sum + x, mask) : sum + Where(mask, x);

    /// <summary>x where the mask is set, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Where(V mask, V x) => Avx512F.IsSupported ? Avx512F.BlendVariable(V.Zero, x, mask) : (mask.AsInt32() >> 31).AsSingle() & x;
}
