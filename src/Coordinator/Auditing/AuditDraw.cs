using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Auditing;

/// <summary>Which inner-problems are audited.</summary>
/// <remarks>
/// Whole problems are drawn: to reach a sample late in a problem, all before it must be unrolled, so samples drawn one by one would cost
/// many times their share. Those of one problem cost what they cost the first time: the share of samples is the share of the computing.
/// Problems of torch modules are left out: libtorch does not promise the same bits on every machine. The draw has a key of its own, which
/// the run alone knows: a worker that knew it could lie elsewhere.
/// </remarks>
/// <param name="key">Key of the generator.</param>
/// <param name="share">Share of the problems.</param>
/// <param name="tasks">What each problem is.</param>
internal sealed class AuditDraw(long key, double share, TaskMixture tasks)
{
    public bool Draws(long problemId) => share > 0
        && new RandomStream(key, RandomPurpose.Audit, problemId).NextDouble() < share
        && tasks.Draw(problemId).Specification.InnerProblem != InnerProblemKind.Torch;
}
