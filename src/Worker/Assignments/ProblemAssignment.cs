using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Assignments;

/// <summary>An inner-problem to unroll, truncation after truncation, until its horizon.</summary>
/// <param name="ProblemId">Decides task, initial w, minibatches, perturbations and horizon.</param>
/// <param name="Origin">The state that the first sample starts from.</param>
/// <param name="Id">Names the assignment: its samples carry it.</param>
/// <param name="EarliestVersion">θ version that the first sample waits for; 0: any.</param>
internal sealed record ProblemAssignment(long ProblemId, StateOrigin Origin, long EarliestVersion, long Id = 0);
