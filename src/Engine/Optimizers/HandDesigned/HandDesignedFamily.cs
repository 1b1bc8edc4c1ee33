using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Base of the families whose θ are hyper-parameters, which start at their initial values for every seed.</summary>
internal abstract class HandDesignedFamily(
    string name, string title, ImmutableArray<HyperParameter> hyperParameters, ImmutableArray<StateVector> state)
{
    public string Name => name;

    public string Title => title;

    public ThetaLayout Theta { get; } = new(hyperParameters);

    public ImmutableArray<StateVector> State => state;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => Theta.Point().CopyTo(theta);
}
