using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>
/// Whether outer-training has diverged: the loss of θ on outer-train tasks was a multiple of the lowest so far in so many evaluations in a
/// row. What has diverged once stays so: training ends with it.
/// </summary>
/// <remarks>The same after a restart: it follows from the evaluations alone, in the order that they came in.</remarks>
internal sealed class DivergenceWatch(RunSpecification specification)
{
    private readonly double _factor = specification.Mode is RunMode.Search or RunMode.Comparison ? 0 : specification.DivergenceFactor;
    private int _inARow;
    private double? _lowest;

    public bool HasDiverged { get; private set; }

    /// <param name="loss">Mean loss of a version of θ on outer-train tasks.</param>
    public void Note(double loss)
    {
        _inARow = _factor > 0 && loss > _factor * _lowest ? _inARow + 1 : 0;
        if (!(loss >= _lowest)) _lowest = loss;
        HasDiverged |= _inARow >= specification.DivergenceEvaluations;
    }
}
