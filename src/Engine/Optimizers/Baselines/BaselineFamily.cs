using System.Collections.Immutable;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>Family for comparisons alone: its hyper-parameters are tuned by search or stay at their published defaults.</summary>
/// <param name="name">Word of the family.</param>
/// <param name="title">Name of the family in tables.</param>
/// <param name="hyperParameters">Elements of θ, which start at the published defaults.</param>
/// <param name="state">State vectors, in their order in m.</param>
/// <param name="create">Makes the update for a layout of w.</param>
internal sealed class BaselineFamily(
    string name,
    string title,
    ImmutableArray<HyperParameter> hyperParameters,
    ImmutableArray<StateVector> state,
    Func<ParameterLayout, UpdateSettings, IInnerOptimizer> create) : IOptimizerFamily
{
    public string Name => name;

    public string Title => title;

    public ThetaLayout Theta { get; } = new(hyperParameters);

    public ImmutableArray<StateVector> State => state;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => Theta.Point().CopyTo(theta);

    public IInnerOptimizer Create(ParameterLayout layout, UpdateSettings settings) => create(layout, settings);
}
