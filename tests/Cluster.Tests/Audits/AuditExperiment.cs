using System.Globalization;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Audits;

/// <summary>
/// 100,000 samples of worker processes of mixed vector widths (512 bits, and 256): who lies in one bit of one in 1,000 samples is found,
/// and an honest fleet never quarantines anyone. Minutes; run by hand, with <c>-explicit only -class "*AuditExperiment"</c>.
/// </summary>
public sealed class AuditExperiment
{
    private const int Samples = 100_000;
    private const int SamplesPerLie = 1000;

    private static readonly RunSpecification Specification = SmallRun.Specification with
    {
        HiddenUnits = [32],
        MinibatchSize = 16,
        BatchSamples = 16,
        OuterUpdates = 1_000_000,
        AuditShare = 0.2,
    };

    private static readonly Dictionary<string, string> Wide = [], Narrow = new() { ["DOTNET_EnableAVX512"] = "0" };

    [Fact(Explicit = true)]
    public async Task Liar_OneBitOfOneInAThousandSamples_IsQuarantined()
    {
        await using var fleet = new AuditedFleet(Specification);
        await fleet.StartAsync();
        var lies = new Lies(SamplesPerLie);
        await using var proxy = await TamperingProxy.StartAsync(fleet.Coordinator.Address, lies.Change);
        using var wide = Worker(fleet.Coordinator.Address, Wide);
        using var narrow = Worker(fleet.Coordinator.Address, Narrow);
        using var liar = Worker(proxy.Address, Wide);

        var (status, quarantine) = await RunAsync(fleet, (s, q) => s.SamplesAccepted >= Samples || q.Workers.Count > 0);

        Report("liar", status, quarantine, $"it had sent {lies.Samples} samples, {lies.Told} of them lies");
        Assert.Equal(2, await liar.ExitAsync());
        Assert.Contains("is quarantined since", liar.Output, StringComparison.Ordinal);
        Assert.Single(quarantine.Workers);
    }

    [Fact(Explicit = true)]
    public async Task HonestFleet_MixedVectorWidths_QuarantinesNobody()
    {
        await using var fleet = new AuditedFleet(Specification);
        await fleet.StartAsync();
        using var wide = Worker(fleet.Coordinator.Address, Wide);
        using var narrow = Worker(fleet.Coordinator.Address, Narrow);

        var (status, quarantine) = await RunAsync(fleet, (s, _) => s.SamplesAccepted >= Samples);

        Report("honest", status, quarantine, "");
        Assert.InRange(quarantine.SamplesAgreed, 0.1 * Samples, double.MaxValue);
        Assert.Empty(quarantine.Workers);
        Assert.Empty(quarantine.Disputes);
    }

    private static LoptProcess Worker(string coordinator, Dictionary<string, string> variables) =>
        LoptProcess.Start(["worker", "--coordinator", coordinator, "--slots", "1"], variables);

    private static async Task<(Status, Quarantine)> RunAsync(AuditedFleet fleet, Func<Status, Quarantine, bool> isOver)
    {
        while (true)
        {
            var status = await fleet.Coordinator.Operations.GetStatusAsync(new GetStatusRequest());
            var quarantine = await fleet.QuarantineAsync();
            if (isOver(status, quarantine)) return (status, quarantine);
            await Task.Delay(500);
        }
    }

    private static void Report(string what, Status status, Quarantine quarantine, string more)
    {
        string found = string.Join("; ", quarantine.Workers.Select(
            w => $"{w.SamplesDropped} dropped, {w.SamplesMerged} merged since its last agreeing audit. {w.Finding}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {status.SamplesAccepted} samples in {status.SecondsRunning:0} s, "
                + $"{quarantine.SamplesAgreed} computed again and agreed, {quarantine.Workers.Count} quarantined {found} {more}"));
    }
}
