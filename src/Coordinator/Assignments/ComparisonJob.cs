using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>A part of a comparison: one optimizer on one held-out task.</summary>
/// <param name="id">Comes back with the result.</param>
/// <param name="task">Index of the task, from 0.</param>
/// <param name="optimizer">0: θ; i + 1: baseline i.</param>
/// <param name="innerSteps">T of the task.</param>
/// <param name="theta">θ of the run's optimizer; null: the optimizer is <paramref name="baseline"/>.</param>
/// <param name="baseline">Null: the optimizer is that of the run.</param>
internal sealed class ComparisonJob(long id, int task, int optimizer, int innerSteps, ThetaSnapshot? theta, Baseline? baseline)
    : EvaluationJob(id)
{
    public int Task { get; } = task;

    public int Optimizer { get; } = optimizer;

    /// <summary>T of the task.</summary>
    public int InnerSteps { get; } = innerSteps;

    /// <summary>Inner-trainings that it takes: one for each setting.</summary>
    public int Trainings { get; } = baseline?.Settings.Length ?? 1;

    public override string Subject => $"{baseline?.Title ?? "θ"} on task {Task + 1} of the comparison";

    public override OutgoingMessage Message => new ComparisonPartAssigned(Id, Task, theta, baseline);

    /// <summary>θ is trained once, a baseline once for each setting, and the tasks of a mixture differ.</summary>
    public override bool IsLikeOthers => false;
}
