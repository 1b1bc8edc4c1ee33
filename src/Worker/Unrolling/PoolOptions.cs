using LoptCluster.Engine.InnerProblems;

namespace LoptCluster.Worker.Unrolling;

/// <summary>What the slots of a worker run with.</summary>
/// <param name="Slots">Truncations computed at the same time, each on a thread of its own.</param>
/// <param name="DataDirectory">Folder of the dataset's files; null where the run needs none.</param>
/// <param name="InnerProblems">The inner-problems that this program can compute.</param>
internal sealed record PoolOptions(int Slots, string? DataDirectory, IInnerProblemSource InnerProblems);
