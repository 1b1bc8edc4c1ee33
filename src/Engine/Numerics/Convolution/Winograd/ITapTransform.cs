using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>What an algorithm makes of the three taps along one axis; static, so that the loops over the weights are compiled for each.</summary>
internal interface ITapTransform
{
    /// <summary>Transforms the taps of a filter: u = G w.</summary>
    static abstract void Spread(V w0, V w1, V w2, out V u0, out V u1, out V u2, out V u3);

    /// <summary>Transforms a gradient back to the taps: w = Gᵀ n.</summary>
    static abstract void Gather(V n0, V n1, V n2, V n3, out V w0, out V w1, out V w2);
}
