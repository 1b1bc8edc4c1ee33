using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Base of the updates of hand-designed families: provides their lengths; they need no scratch memory.</summary>
internal abstract class HandDesignedOptimizer(HandDesignedFamily family, ParameterLayout layout)
{
    public int ThetaLength { get; } = family.Theta.Length;

    public int StateVectors { get; } = family.State.Length;

    protected ParameterLayout Layout => layout;

    public void Dispose()
    {
    }
}
