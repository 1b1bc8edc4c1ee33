using System.Collections.Immutable;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>A baseline as the optimizer of a run: of one that only evaluates, since its update has no pullback.</summary>
internal sealed class SearchOnlyFamily(OptimizerKind kind, IOptimizerFamily family) : IOuterTrainableFamily
{
    public OptimizerKind Kind => kind;

    public string Name => family.Name;

    public string Title => family.Title;

    public ThetaLayout Theta => family.Theta;

    public ImmutableArray<StateVector> State => family.State;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => family.InitializeTheta(ref random, theta);

    public IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings) =>
        new Optimizer(family.Create(layout, settings), family.Name);

    private sealed class Optimizer(IInnerOptimizer optimizer, string name) : IOuterTrainableOptimizer
    {
        public int ThetaLength => optimizer.ThetaLength;

        public int StateVectors => optimizer.StateVectors;

        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m) =>
            optimizer.Update(theta, t, g, w, m);

        public ReadOnlySpan<float> EvaluationPoint(ReadOnlySpan<float> theta, ReadOnlySpan<float> w, ReadOnlySpan<float> m) =>
            optimizer.EvaluationPoint(theta, w, m);

        public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents) =>
            throw new NotSupportedException($"The update of '{name}' has no pullback.");

        public void Dispose() => optimizer.Dispose();
    }
}
