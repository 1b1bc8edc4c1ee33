using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using LoptCluster.Chaos.Measuring;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Hostile;

/// <summary>A fleet of an act: its coordinator is attacked by insiders.</summary>
internal sealed class AttackedFleet : IDisposable
{
    private const string WorkerToken = "token-of-workers", ReaderToken = "token-of-readers";

    /// <summary>An insider knows the worker's and the reader's token, not the operator's.</summary>
    private static readonly Dictionary<string, string> Tokens = new()
    {
        ["LOPT_WORKER_TOKEN"] = WorkerToken,
        ["LOPT_READER_TOKEN"] = ReaderToken,
        ["LOPT_OPERATOR_TOKEN"] = "token-of-operators",
    };

    private readonly HostileOptions _options;
    private readonly Fleet _fleet;

    /// <remarks>
    /// Attackers that get no processor for seconds are not lost: what they have stays theirs. What they make up would be found by audits:
    /// those are another scenario's.
    /// </remarks>
    /// <param name="options">Size of the attack.</param>
    /// <param name="values">key=value of the specification.</param>
    public AttackedFleet(HostileOptions options, params string[] values) => (_options, _fleet) = (
        options, new Fleet([.. values, "auditShare=0"]) { Environment = Tokens, Heartbeat = TimeSpan.FromSeconds(10) });

    /// <summary>Arguments of the coordinator beside its specification.</summary>
    public string[] Arguments { get; init; } = [];

    public string RunDirectory => _fleet.RunDirectory;

    public RunFile File => new(_fleet.RunDirectory);

    public Operations.OperationsClient Operations => new(Authorized());

    public Task<LoptProcess> StartCoordinatorAsync() => _fleet.StartCoordinatorAsync(Arguments);

    public LoptProcess StartWorker(int slots = 1) => _fleet.StartWorker(slots);

    public Task<Protocol.V1.Status> StatusAsync(Func<Protocol.V1.Status, bool> condition) => Operations.StatusAsync(condition);

    /// <summary>Sends hostile messages, and notes what they cost and how they were answered.</summary>
    /// <param name="coordinator">Process that is attacked.</param>
    /// <param name="result">What the act has shown so far.</param>
    /// <param name="messages">Number of messages.</param>
    /// <param name="gate">Holds the attackers back; null: nothing does.</param>
    /// <param name="takesPlausible">See <see cref="Victim.TakesPlausible"/>.</param>
    /// <param name="cancellation">Ends the attack.</param>
    public async Task AttackAsync(
        LoptProcess coordinator, ActResult result, int messages, AttackGate? gate, bool takesPlausible, CancellationToken cancellation)
    {
        var theta = await new ThetaService.ThetaServiceClient(Authorized()).GetThetaAsync(
            new GetThetaRequest { Latest = true }, cancellationToken: cancellation);
        var status = await Operations.GetStatusAsync(new GetStatusRequest(), cancellationToken: cancellation);
        var victim = new Victim(
            _fleet.Address, WorkerToken, ReaderToken, SpecificationJson.Deserialize(theta.SpecificationJson),
            [.. status.Workers.Select(w => w.WorkerId)])
        { TakesPlausible = takesPlausible };
        long resident = ProcessFigures.Resident(coordinator.Id);
        var (watch, processor) = (Stopwatch.StartNew(), ProcessFigures.Processor(coordinator.Id));
        var report = await Attack.RunAsync(
            victim, messages, _options.Connections, _options.Seed, gate ?? new AttackGate(), cancellation);
        var seconds = watch.Elapsed;
        processor = ProcessFigures.Processor(coordinator.Id) - processor;
        long peak = ProcessFigures.PeakResident(coordinator.Id);
        result.Report.Add(report);
        result.Lines.Add(
            $"{report.Messages:N0} messages ({report.Cases:N0} different) in {seconds.TotalSeconds:F1} s, "
            + $"{report.Messages / seconds.TotalSeconds:N0}/s; coordinator: {processor.TotalSeconds:F1} s of processor time, "
            + $"{resident / 1e6:F0} MB before, {peak / 1e6:F0} MB at most");
        result.Check(
            $"the coordinator has less than {HostileOptions.MostMemory / 1e6:F0} MB", peak < HostileOptions.MostMemory,
            $"{peak / 1e6:F0} MB");
        result.Check("every message is answered as the protocol says", report.Findings.Count == 0, $"{report.Findings.Count} are not");
    }

    /// <summary>Attacks while no honest worker is there: what the run's file says must be the same afterwards.</summary>
    public async Task AttackAloneAsync(LoptProcess coordinator, ActResult result, int messages, CancellationToken cancellation)
    {
        string before = RunContent.Hash(RunDirectory);
        await AttackAsync(coordinator, result, messages, gate: null, takesPlausible: false, cancellation);
        await StatusAsync(s => s.Workers.Count == 0);
        string after = RunContent.Hash(RunDirectory);
        result.Check($"the run's content is the same (hash {before})", before == after, $"it is {after}");
    }

    /// <summary>The coordinator is told to stop, and must have had no failure.</summary>
    public static async Task EndAsync(LoptProcess coordinator, ActResult result)
    {
        int status = await coordinator.TerminateAsync();
        result.Check("the coordinator stops in order", status == 0, $"exit status {status}");
        string[] failures = [.. coordinator.Output.Split('\n').Where(IsFailure).Distinct().Take(5)];
        result.Check("the coordinator's log has no failure", failures.Length == 0, string.Join(" | ", failures));
    }

    public void Dispose() => _fleet.Dispose();

    private static bool IsFailure(string line) =>
        line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal)
        || line.Contains("Exception", StringComparison.Ordinal);

    private CallInvoker Authorized() => _fleet.Channel.Intercept(headers =>
    {
        headers.Add("authorization", $"Bearer {ReaderToken}");
        return headers;
    });
}
