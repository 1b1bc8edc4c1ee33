using LoptCluster.Chaos.Measuring;
using LoptCluster.ClusterTestKit;

namespace LoptCluster.Chaos.Hostile;

/// <summary>The acts whose coordinator trains, each with a run, a coordinator and workers of its own.</summary>
internal sealed class TrainingActs(HostileOptions options)
{
    private static readonly string[] Endless = ["outerUpdates=1000000"];

    /// <summary>
    /// No honest worker is there, so the run's content must be the same afterwards. The attackers have all problems, and evaluations that
    /// an honest worker left unfinished.
    /// </summary>
    public async Task<ActResult> AloneAsync(int messages, CancellationToken cancellation)
    {
        using var fleet = new AttackedFleet(options, [
            .. Endless, "mode=synchronous", $"batchSamples={Math.Max(4, options.Connections)}", "evaluateEveryUpdates=1",
            "evaluationTasks=2"]);
        var first = await fleet.StartCoordinatorAsync();
        var honest = fleet.StartWorker();
        await fleet.StatusAsync(s => s.OuterUpdate >= 2);
        await honest.KillAsync();
        await first.KillAsync();
        var coordinator = await fleet.StartCoordinatorAsync();
        var result = new ActResult();

        await fleet.AttackAloneAsync(coordinator, result, messages, cancellation);

        await AttackedFleet.EndAsync(coordinator, result);
        return result;
    }

    /// <summary>A synchronous run with an honest worker: its θ must be that of a run that nobody disturbed, bit for bit.</summary>
    public async Task<ActResult> SynchronousAsync(int messages, CancellationToken cancellation)
    {
        const int updates = 20;
        string[] specification = [.. Endless, "mode=synchronous", "batchSamples=8", "evaluateEveryUpdates=5", "evaluationTasks=2"];
        byte[] undisturbed;
        using (var reference = new AttackedFleet(options, specification))
        {
            await reference.StartCoordinatorAsync();
            reference.StartWorker();
            await reference.StatusAsync(s => s.OuterUpdate >= updates);
            undisturbed = reference.File.Theta(updates);
        }

        using var fleet = new AttackedFleet(options, specification);
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker(slots: 2);
        await fleet.StatusAsync(s => s.OuterUpdate >= 2);
        var result = new ActResult();

        await fleet.AttackAsync(coordinator, result, messages, gate: null, takesPlausible: false, cancellation);

        await fleet.StatusAsync(s => s.OuterUpdate >= updates);
        result.Check(
            $"θ version {updates} is that of an undisturbed run", undisturbed.SequenceEqual(fleet.File.Theta(updates)), "it differs");
        await AttackedFleet.EndAsync(coordinator, result);
        Consistent(result, fleet.File, 8);
        return result;
    }

    /// <summary>
    /// An asynchronous run with an honest worker, whose pace is measured while the attackers send, and while they do not.
    /// </summary>
    public async Task<ActResult> PaceAsync(int messages, CancellationToken cancellation)
    {
        // Without a learning rate, and with one k, every sample costs the same whatever the attackers add to the batches.
        using var fleet = new AttackedFleet(options, [
            .. Endless, "imageSize=14", "hiddenUnits=[32, 32]", "minibatchSize=32", "innerSteps=500", "truncationFirst=20",
            "truncationLast=20", "truncationRampUpdates=0", "outerLearningRate=0", "batchSamples=8"]);
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker();
        var pace = new HonestPace(() => fleet.Operations);
        await pace.WarmUpAsync();
        OwnPriority.Lower();
        var (gate, result) = (new AttackGate(), new ActResult());
        var attack = fleet.AttackAsync(coordinator, result, messages, gate, takesPlausible: true, cancellation);
        var (silent, attacked) = await pace.CompareAsync(gate, attack, TimeSpan.FromSeconds(options.PaceSeconds));
        await attack;

        double share = attacked / silent;
        result.Lines.Add($"honest worker: {silent:F1} samples/s while the attackers are silent, {attacked:F1} while they send: {share:P0}");
        if (options.LeastPace > 0)
            result.Check($"honest workers keep {options.LeastPace:P0} of their pace", share >= options.LeastPace, $"{share:P1}");
        await fleet.StatusAsync(s => s.Workers.Count == 1);
        await AttackedFleet.EndAsync(coordinator, result);
        Consistent(result, fleet.File, 8);
        return result;
    }

    private static void Consistent(ActResult result, RunFile file, int batchSamples)
    {
        string? fault = null;
        try
        {
            file.AssertConsistent(batchSamples);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            fault = e.Message;
        }

        result.Check("the run's file is consistent", fault is null, fault ?? "");
    }
}
