using System.Text.Json;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class QuarantineCommandTests
{
    private const string Merged = "3 samples that came later are part of θ, from outer-update 8 on";

    private readonly CoordinatorScript _script = new();

    [Fact]
    public async Task Quarantine_NobodyInIt_SaysSo() =>
        Assert.Equal(
            "0 samples computed again by another worker agreed; 0 waiting\nno worker is in quarantine\n", (await RunAsync()).Output);

    [Fact]
    public async Task Quarantine_WorkerAndDispute_AreToldWithWhatIsPartOfTheta()
    {
        Fill();

        var run = await RunAsync();

        Assert.Equal(0, run.Status);
        Assert.Equal(
            $"""
            1,200 samples computed again by another worker agreed; 3 waiting
            w1 on node-7, since 2026-01-02 03:04:05Z
                Sample 5/2 was wrong.
                1 sample dropped before the merge; the newest that was found right came at 2026-01-02 03:00:00Z; {Merged}
                    8: 4/0, 5/1
                    … 1 more
            undecided: sample 9/0 of a on h1 and b on h2: losses differ

            """, run.Output);
    }

    [Fact]
    public async Task Json_IsTheMessage()
    {
        Fill();

        var root = JsonDocument.Parse((await RunAsync("--json")).Output).RootElement;

        Assert.Equal("w1", root.GetProperty("workers")[0].GetProperty("workerId").GetString());
        Assert.Equal(2, root.GetProperty("workers")[0].GetProperty("merged").GetArrayLength());
    }

    /// <summary>Where both tokens are given, a change takes the operator's.</summary>
    [Fact]
    public async Task Lift_TakesTheOperatorsToken()
    {
        Fill();
        _script.Token = "operator-secret";
        var tokens = new Dictionary<string, string> { ["LOPT_READER_TOKEN"] = "reader", ["LOPT_OPERATOR_TOKEN"] = "operator-secret" };
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);

        var run = await CliRun.OfAsync(tokens, "quarantine", "--from", coordinator.Authority, "--lift", "w1");

        Assert.Equal(0, run.Status);
        Assert.Contains("no worker is in quarantine", run.Output);
    }

    private void Fill()
    {
        long since = DateTimeOffset.Parse("2026-01-02T03:04:05Z", null).ToUnixTimeMilliseconds();
        var worker = new QuarantinedWorker
        {
            WorkerId = "w1",
            Host = "node-7",
            UnixMilliseconds = since,
            Finding = "Sample 5/2 was wrong.",
            SamplesDropped = 1,
            AgreedUnixMilliseconds = since - 245_000,
            SamplesMerged = 3,
        };
        worker.Merged.Add(new MergedSample { ProblemId = 4, OuterUpdate = 8 });
        worker.Merged.Add(new MergedSample { ProblemId = 5, Truncation = 1, OuterUpdate = 8 });
        var dispute = new Dispute { ProblemId = 9, Difference = "losses differ" };
        dispute.Parties.Add(new DisputeParty { WorkerId = "a", Host = "h1" });
        dispute.Parties.Add(new DisputeParty { WorkerId = "b", Host = "h2" });
        _script.Quarantine = new Quarantine { SamplesAgreed = 1200, SamplesWaiting = 3, Workers = { worker }, Disputes = { dispute } };
    }

    private async Task<CliRun> RunAsync(params string[] args)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);
        return await CliRun.OfAsync(["quarantine", "--from", coordinator.Authority, .. args]);
    }
}
