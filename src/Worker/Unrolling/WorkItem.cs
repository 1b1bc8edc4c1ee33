using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Unrolling;

/// <summary>What a slot does next: an evaluation, or a truncation of a problem at a θ.</summary>
internal readonly record struct WorkItem(Evaluation? Evaluation, HeldProblem? Problem, ThetaSnapshot? Theta);
