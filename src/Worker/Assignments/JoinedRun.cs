using LoptCluster.Shared.Specification;

namespace LoptCluster.Worker.Assignments;

/// <summary>The run that the coordinator welcomed this worker to.</summary>
/// <param name="Id">Name of the run, repeated in the Hello after a reconnect.</param>
/// <param name="Specification">What to compute: the fleet takes it from the coordinator and cannot disagree with it.</param>
/// <param name="SpecificationHash">SHA-256 of the specification as the coordinator sent it; travels with every sample.</param>
internal sealed record JoinedRun(string Id, RunSpecification Specification, string SpecificationHash)
{
    public ThetaGate Gate { get; } = ThetaGate.For(Specification.Mode);
}
