using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>
/// Transform of the three taps along one axis, static so that the loops over the weights are compiled for each algorithm.
/// </summary>
internal interface ITapTransform
{
    /// <summary>Computes u = G w; <see cref="TileTransforms"/> defines G.</summary>
    static abstract void Spread(V w0, V w1, V w2, out V u0, out V u1, out V u2, out V u3);

    /// <summary>Computes w = Gᵀ n, the transpose of <see cref="Spread"/>.</summary>
    static abstract void Gather(V n0, V n1, V n2, V n3, out V w0, out V w1, out V w2);
}
