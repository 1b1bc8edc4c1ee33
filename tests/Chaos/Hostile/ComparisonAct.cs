using System.Text.Json;
using System.Text.Json.Serialization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile;

/// <summary>
/// The act whose coordinator serves a comparison: results of parts that the attackers were given, of others' parts and of none.
/// </summary>
internal sealed class ComparisonAct(HostileOptions options)
{
    /// <summary>Tasks that an honest worker has compared on before the attack.</summary>
    private const int TasksBefore = 1;

    /// <summary>An honest worker must not end the comparison while it is attacked: a task for so many messages.</summary>
    private const int MessagesOfTask = 100, LeastTasks = 6;

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>
    /// Half of the attack meets no honest worker, and must leave the comparison as it is; the other half meets one, which then ends the
    /// comparison. Its numbers must be those of <c>lopt evaluate</c>, bit for bit.
    /// </summary>
    public async Task<ActResult> RunAsync(int messages, CancellationToken cancellation)
    {
        int tasks = LeastTasks + (messages / MessagesOfTask);
        using var fleet = new AttackedFleet(options, $"comparisonTasks={tasks}", "innerSteps=400", "curveEverySteps=50")
        {
            Arguments = ["--evaluate", "theta:mixture-train", "--against", "published"],
        };
        var coordinator = await fleet.StartCoordinatorAsync();
        var honest = fleet.StartWorker();
        await fleet.StatusAsync(s => s.Comparison.TasksDone >= TasksBefore);
        await honest.KillAsync();
        await fleet.StatusAsync(s => s.Workers.Count == 0);
        var result = new ActResult();

        await fleet.AttackAloneAsync(coordinator, result, messages / 2, cancellation);

        int alone = (await fleet.StatusAsync(_ => true)).Comparison.TrainingsDone;
        fleet.StartWorker();
        int before = (await fleet.StatusAsync(s => s.Comparison.TrainingsDone > alone)).Comparison.TrainingsDone;
        await fleet.AttackAsync(coordinator, result, messages - (messages / 2), gate: null, takesPlausible: false, cancellation);
        var status = await fleet.StatusAsync(_ => true);
        result.Lines.Add(
            $"honest worker: {status.Comparison.TrainingsDone - before} of {status.Comparison.Trainings} inner-trainings while the "
            + "attackers send");
        result.Check("the comparison outlasts the attack", status.State == RunState.Running, $"it is {status.State}");

        await fleet.StatusAsync(s => s.State == RunState.Finished);
        await AttackedFleet.EndAsync(coordinator, result);
        OfNumbers(result, RecordedComparison.Find(fleet.RunDirectory)!, cancellation);
        return result;
    }

    private static void OfNumbers(ActResult result, RecordedComparison recorded, CancellationToken cancellation)
    {
        var images = DatasetCatalog.OpenRun(recorded.Specification, null);
        var undisturbed = ComparisonRunner.Run(
            recorded.Specification, images, recorded.Theta.Values.ToArray(), null, cancellation, baselines: recorded.Baselines);
        result.Check(
            $"the comparison on {recorded.Tasks} tasks has every number of lopt evaluate", Text(undisturbed) == Text(recorded.Compose()),
            "some differ");
    }

    /// <summary>The comparison, whole: equal texts have equal bits.</summary>
    private static string Text(Comparison comparison) => JsonSerializer.Serialize(comparison, Json);
}
