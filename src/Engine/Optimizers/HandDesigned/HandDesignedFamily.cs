using System.Collections.Immutable;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Family whose θ are hyper-parameters, which start at their initial values for every seed.</summary>
/// <param name="kind">Kind that selects the family.</param>
/// <param name="name">Word of the family.</param>
/// <param name="title">Name of the family in tables.</param>
/// <param name="rule">The rule, as the settings choose its variant.</param>
/// <param name="regDecay">Whether the rule has regularisation and a decaying learning rate (§4.4).</param>
internal sealed class HandDesignedFamily(
    OptimizerKind kind, string name, string title, Func<UpdateSettings, UpdateRule> rule, bool regDecay = false) : IOuterTrainableFamily
{
    private readonly UpdateRule _shape = rule(new UpdateSettings(InnerSteps: 1));

    public OptimizerKind Kind => kind;

    public string Name => name;

    public string Title => title;

    public ThetaLayout Theta => field ??= new([.. _shape.HyperParameters, .. regDecay ? HyperParameters.RegDecay : []]);

    public ImmutableArray<StateVector> State => _shape.State;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => Theta.Point().CopyTo(theta);

    public IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings) =>
        regDecay ? new RegDecayOptimizer(rule(settings), layout) : new HandDesignedOptimizer(rule(settings), layout);
}
