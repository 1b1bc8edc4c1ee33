using System.Collections.Immutable;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>A kind of inner-optimizer u(·; θ): what θ is made of, where it starts, and how the update for a layout of w is made.</summary>
/// <remarks>Immutable and stateless. A family that a run can train implements <see cref="IOuterTrainableFamily"/>.</remarks>
public interface IOptimizerFamily
{
    /// <summary>Word of the family in configuration, files and summaries: "mlp16", "adam".</summary>
    string Name { get; }

    /// <summary>Name of the family in tables and plots: "Adam".</summary>
    string Title { get; }

    /// <summary>Named parts of θ.</summary>
    ThetaLayout Theta { get; }

    /// <summary>State vectors that each inner-parameter carries, in their order in m.</summary>
    ImmutableArray<StateVector> State { get; }

    /// <summary>Fills θ with the start of outer-training.</summary>
    void InitializeTheta(ref RandomStream random, Span<float> theta);

    /// <summary>The update for one layout of w, with its scratch memory.</summary>
    IInnerOptimizer Create(ParameterLayout layout, UpdateSettings settings);
}
