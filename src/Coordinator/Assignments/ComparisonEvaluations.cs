using System.Collections.Immutable;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>The parts of a comparison: θ and each baseline on each held-out task, task by task. Nothing else is evaluated.</summary>
/// <param name="specification">The run.</param>
/// <param name="baselines">The baselines, in their order.</param>
/// <param name="done">Parts whose results are stored.</param>
/// <param name="firstId">Id of the first job.</param>
internal sealed class ComparisonEvaluations(
    RunSpecification specification, ImmutableArray<Baseline> baselines, IEnumerable<(int Task, int Optimizer)> done, long firstId)
    : EvaluationSchedule(specification, outerUpdates: 0, firstId)
{
    /// <summary>While so many parts wait for each slot of the fleet, a slot is given its next part before it asks.</summary>
    private const int ManyPerSlot = 4;

    private readonly HashSet<(int Task, int Optimizer)> _done = [.. done];
    private readonly int[] _innerSteps = [.. TaskKinds.InnerStepsOf(specification, specification.ComparisonTasks)];
    private readonly int[] _missing = [.. Enumerable.Repeat(baselines.Length + 1, specification.ComparisonTasks)];
    private int _trainingsDone;
    private long _stepsDone;

    public override ComparisonStanding Comparison
    {
        get
        {
            int each = 1 + baselines.Sum(b => b.Settings.Length);
            return new(
                _missing.Count(parts => parts == 0), _missing.Length, _trainingsDone, each * _missing.Length, _stepsDone,
                each * _innerSteps.Sum(steps => (long)steps));
        }
    }

    /// <summary>
    /// Towards the end each slot has but the part that it computes: one that waits behind it would keep the fleet waiting.
    /// </summary>
    public override int MostPerSlot(int slots) => Jobs.Count(job => job.Worker is null) >= ManyPerSlot * slots ? 2 : 1;

    /// <summary>θ is published once, and stays.</summary>
    public override void OnPublished(ThetaSnapshot theta, ThetaSnapshot? average = null)
    {
        for (int task = 0; task < _missing.Length; task++)
        {
            for (int optimizer = 0; optimizer <= baselines.Length; optimizer++)
            {
                var job = optimizer == 0
                    ? new ComparisonJob(NextId(), task, optimizer, _innerSteps[task], theta, baseline: null)
                    : new ComparisonJob(NextId(), task, optimizer, _innerSteps[task], theta: null, baselines[optimizer - 1]);
                if (_done.Contains((task, optimizer))) Count(job);
                else Add(job);
            }
        }
    }

    /// <summary>Takes the result of a part, which is over.</summary>
    public void Complete(ComparisonJob job)
    {
        Remove(job);
        Count(job);
    }

    private void Count(ComparisonJob job)
    {
        _missing[job.Task]--;
        _trainingsDone += job.Trainings;
        _stepsDone += (long)job.Trainings * job.InnerSteps;
    }
}
