using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using LoptCluster.Chaos.Measuring;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Hostile;

/// <summary>The acts of the scenario, each with a run, a coordinator and workers of its own.</summary>
internal sealed class Acts(HostileOptions options)
{
    private const string WorkerToken = "token-of-workers", ReaderToken = "token-of-readers";

    /// <summary>An insider knows the worker's and the reader's token, not the operator's.</summary>
    private static readonly Dictionary<string, string> Tokens = new()
    {
        ["LOPT_WORKER_TOKEN"] = WorkerToken,
        ["LOPT_READER_TOKEN"] = ReaderToken,
        ["LOPT_OPERATOR_TOKEN"] = "token-of-operators",
    };

    private static readonly string[] Endless = ["outerUpdates=1000000"];

    /// <summary>
    /// No honest worker is there, so the run's content must be the same afterwards. The attackers have all problems, and evaluations that
    /// an honest worker left unfinished.
    /// </summary>
    public async Task<ActResult> AloneAsync(int messages, CancellationToken cancellation)
    {
        using var fleet = Fleet([
            .. Endless, "mode=synchronous", $"batchSamples={Math.Max(4, options.Connections)}", "evaluateEveryUpdates=1",
            "evaluationTasks=2"]);
        var first = await fleet.StartCoordinatorAsync();
        var honest = fleet.StartWorker();
        await StatusAsync(fleet, s => s.OuterUpdate >= 2);
        await honest.KillAsync();
        await first.KillAsync();
        var coordinator = await fleet.StartCoordinatorAsync();
        string before = RunContent.Hash(fleet.RunDirectory);

        var result = await AttackAsync(fleet, coordinator, messages, new AttackGate(), v => v, cancellation);

        await StatusAsync(fleet, s => s.Workers.Count == 0);
        string after = RunContent.Hash(fleet.RunDirectory);
        result.Check($"the run's content is the same (hash {before})", before == after, $"it is {after}");
        await EndAsync(result, coordinator);
        return result;
    }

    /// <summary>A synchronous run with an honest worker: its θ must be that of a run that nobody disturbed, bit for bit.</summary>
    public async Task<ActResult> SynchronousAsync(int messages, CancellationToken cancellation)
    {
        const int updates = 20;
        string[] specification = [.. Endless, "mode=synchronous", "batchSamples=8", "evaluateEveryUpdates=5", "evaluationTasks=2"];
        byte[] undisturbed;
        using (var reference = Fleet(specification))
        {
            await reference.StartCoordinatorAsync();
            reference.StartWorker();
            await StatusAsync(reference, s => s.OuterUpdate >= updates);
            undisturbed = new RunFile(reference.RunDirectory).Theta(updates);
        }

        using var fleet = Fleet(specification);
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker(slots: 2);
        await StatusAsync(fleet, s => s.OuterUpdate >= 2);

        var result = await AttackAsync(fleet, coordinator, messages, new AttackGate(), v => v, cancellation);

        await StatusAsync(fleet, s => s.OuterUpdate >= updates);
        var file = new RunFile(fleet.RunDirectory);
        result.Check($"θ version {updates} is that of an undisturbed run", undisturbed.SequenceEqual(file.Theta(updates)), "it differs");
        await EndAsync(result, coordinator);
        Consistent(result, file, 8);
        return result;
    }

    /// <summary>
    /// An asynchronous run with an honest worker, whose pace is measured while the attackers send, and while they do not.
    /// </summary>
    public async Task<ActResult> PaceAsync(int messages, CancellationToken cancellation)
    {
        // Without a learning rate, and with one k, every sample costs the same whatever the attackers add to the batches.
        using var fleet = Fleet([
            .. Endless, "imageSize=14", "hiddenUnits=[32, 32]", "minibatchSize=32", "innerSteps=500", "truncationFirst=20",
            "truncationLast=20", "truncationRampUpdates=0", "outerLearningRate=0", "batchSamples=8"]);
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker();
        var pace = new HonestPace(() => Operations(fleet));
        await pace.WarmUpAsync();
        OwnPriority.Lower();
        var gate = new AttackGate();
        var attack = AttackAsync(fleet, coordinator, messages, gate, v => v with { TakesPlausible = true }, cancellation);
        var (silent, attacked) = await pace.CompareAsync(gate, attack, TimeSpan.FromSeconds(options.PaceSeconds));
        var result = await attack;

        double share = attacked / silent;
        result.Lines.Add($"honest worker: {silent:F1} samples/s while the attackers are silent, {attacked:F1} while they send: {share:P0}");
        if (options.LeastPace > 0)
            result.Check($"honest workers keep {options.LeastPace:P0} of their pace", share >= options.LeastPace, $"{share:P1}");
        await StatusAsync(fleet, s => s.Workers.Count == 1);
        await EndAsync(result, coordinator);
        Consistent(result, new RunFile(fleet.RunDirectory), 8);
        return result;
    }

    /// <summary>
    /// Attackers that get no processor for seconds are not lost: what they have stays theirs. What they make up would be found by audits:
    /// those are another scenario's.
    /// </summary>
    private static Fleet Fleet(params string[] values) =>
        new([.. values, "auditShare=0"]) { Environment = Tokens, Heartbeat = TimeSpan.FromSeconds(10) };

    private static Operations.OperationsClient Operations(Fleet fleet) => new(Authorized(fleet));

    private static CallInvoker Authorized(Fleet fleet) => fleet.Channel.Intercept(headers =>
    {
        headers.Add("authorization", $"Bearer {ReaderToken}");
        return headers;
    });

    private static Task<Protocol.V1.Status> StatusAsync(Fleet fleet, Func<Protocol.V1.Status, bool> condition) =>
        Operations(fleet).StatusAsync(condition);

    private async Task<ActResult> AttackAsync(
        Fleet fleet, LoptProcess coordinator, int messages, AttackGate gate, Func<Victim, Victim> with, CancellationToken cancellation)
    {
        var theta = await new ThetaService.ThetaServiceClient(Authorized(fleet)).GetThetaAsync(
            new GetThetaRequest { Latest = true }, cancellationToken: cancellation);
        var status = await Operations(fleet).GetStatusAsync(new GetStatusRequest(), cancellationToken: cancellation);
        var victim = with(new Victim(
            fleet.Address, WorkerToken, ReaderToken, SpecificationJson.Deserialize(theta.SpecificationJson),
            [.. status.Workers.Select(w => w.WorkerId)]));
        long resident = ProcessFigures.Resident(coordinator.Id);
        var (watch, processor) = (Stopwatch.StartNew(), ProcessFigures.Processor(coordinator.Id));
        var report = await Attack.RunAsync(victim, messages, options.Connections, options.Seed, gate, cancellation);
        var seconds = watch.Elapsed;
        processor = ProcessFigures.Processor(coordinator.Id) - processor;
        long peak = ProcessFigures.PeakResident(coordinator.Id);
        var result = new ActResult(report);
        result.Lines.Add(
            $"{report.Messages:N0} messages ({report.Cases:N0} different) in {seconds.TotalSeconds:F1} s, "
            + $"{report.Messages / seconds.TotalSeconds:N0}/s; coordinator: {processor.TotalSeconds:F1} s of processor time, "
            + $"{resident / 1e6:F0} MB before, {peak / 1e6:F0} MB at most");
        result.Check(
            $"the coordinator has less than {HostileOptions.MostMemory / 1e6:F0} MB", peak < HostileOptions.MostMemory,
            $"{peak / 1e6:F0} MB");
        result.Check("every message is answered as the protocol says", report.Findings.Count == 0, $"{report.Findings.Count} are not");
        return result;
    }

    private static async Task EndAsync(ActResult result, LoptProcess coordinator)
    {
        int status = await coordinator.TerminateAsync();
        result.Check("the coordinator stops in order", status == 0, $"exit status {status}");
        string[] failures = [.. coordinator.Output.Split('\n').Where(IsFailure).Distinct().Take(5)];
        result.Check("the coordinator's log has no failure", failures.Length == 0, string.Join(" | ", failures));
    }

    private static bool IsFailure(string line) =>
        line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal)
        || line.Contains("Exception", StringComparison.Ordinal);

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
