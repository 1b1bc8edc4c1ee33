using System.Collections.Immutable;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Hostile;

/// <summary>What the attackers know of the coordinator and its run.</summary>
/// <param name="Address">Of the gRPC port.</param>
/// <param name="WorkerToken">Token of the role worker: the attackers are insiders.</param>
/// <param name="ReaderToken">Token of the role reader.</param>
/// <param name="Specification">Of the run.</param>
/// <param name="HonestWorkers">Ids of workers that are connected.</param>
internal sealed record Victim(
    Uri Address, string WorkerToken, string ReaderToken, RunSpecification Specification, ImmutableArray<string> HonestWorkers)
{
    /// <summary>
    /// Whether attackers also send what no coordinator can tell from an honest worker's message. Not where the run's content is compared.
    /// </summary>
    public bool TakesPlausible { get; init; }

    public bool IsSynchronous => Specification.Mode == RunMode.Synchronous;

    public bool IsComparison => Specification.Mode == RunMode.Comparison;

    public int ThetaLength { get; } = OptimizerFamilies.Of(Specification.Optimizer).Theta.Length;

    public TruncationLengths Lengths { get; } = new(Specification);

    /// <summary>Points of each curve of a part of a comparison.</summary>
    public int CurvePoints { get; } = CurveIntervals.Of(Specification).Count(Specification.InnerSteps);

    /// <summary>k that the schedule gives a sample.</summary>
    public int Steps(HeldProblem problem, long version) =>
        Lengths.Of(problem.Next, version, SamplePlan.All, problem.Horizon - problem.InnerStep);
}
