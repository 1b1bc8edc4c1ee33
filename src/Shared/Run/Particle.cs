namespace LoptCluster.Shared.Run;

/// <summary>One trajectory of an inner-problem between two truncations. Mutable; owned by its <see cref="InnerState"/>.</summary>
/// <param name="w">w(t) in the padded layout.</param>
/// <param name="m">The optimizer's state at t: state vectors × padded length.</param>
public sealed class Particle(float[] w, float[] m)
{
    /// <summary>w(t) in the padded layout.</summary>
    public float[] W { get; } = w;

    /// <summary>The optimizer's state at t: state vectors × padded length.</summary>
    public float[] M { get; } = m;

    public void Set(ReadOnlySpan<float> w, ReadOnlySpan<float> m)
    {
        w.CopyTo(W);
        m.CopyTo(M);
    }
}
