using System.Diagnostics;
using Grpc.Net.Client;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol;

namespace LoptCluster.LoadTool;

/// <summary>One measurement: a coordinator as a process of its own, the streams in this one.</summary>
internal sealed class LoadRun(LoadOptions options)
{
    /// <summary>
    /// |θ| = 610 and batches of 128 as in the paper, with one k, no evaluations, and problems of 200 truncations.
    /// </summary>
    private static readonly string[] Specification =
    [
        "batchSamples=128", "outerUpdates=100000000", "evaluateEveryUpdates=0", "innerSteps=10000", "truncationFirst=50",
        "truncationLast=50", "truncationRampUpdates=0",
        // Nobody has measured what the streams send.
        "auditShare=0",
    ];

    /// <summary>Streams that join at the same time.</summary>
    private const int Joining = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<LoadResult> MeasureAsync(CancellationToken cancellation)
    {
        using var fleet = new Fleet([.. Specification, .. options.Values]) { Heartbeat = TimeSpan.FromSeconds(2) };
        var coordinator = await fleet.StartCoordinatorAsync();
        var figures = new LoadFigures();
        GrpcChannel[] channels = [.. Enumerable.Range(0, options.Connections).Select(_ => Channel(fleet.Address))];
        LoadStream[] streams = [.. Enumerable.Range(0, options.Streams).Select(
            n => new LoadStream(channels[n % channels.Length], n, options, figures))];
        try
        {
            var joining = Stopwatch.StartNew();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            await Parallel.ForEachAsync(
                streams, new ParallelOptions { MaxDegreeOfParallelism = Joining, CancellationToken = limit.Token },
                async (stream, token) => await stream.JoinAsync(token));
            joining.Stop();
            await Task.Delay(TimeSpan.FromSeconds(options.WarmUp), cancellation);
            return await MeasureAsync(coordinator, figures, joining.Elapsed, cancellation);
        }
        finally
        {
            foreach (var stream in streams) await stream.DisposeAsync();
            foreach (var channel in channels) channel.Dispose();
        }
    }

    private async Task<LoadResult> MeasureAsync(
        LoptProcess coordinator, LoadFigures figures, TimeSpan joined, CancellationToken cancellation)
    {
        await figures.TakeAsync();
        long version = figures.Newest;
        var (processor, own) = (ProcessFigures.Processor(coordinator.Id), ProcessFigures.Processor(Environment.ProcessId));
        var watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellation);
        double seconds = watch.Elapsed.TotalSeconds;
        var (samples, others) = (figures.Accepted, figures.Others);
        var (ownAfter, processorAfter, newest) = (
            ProcessFigures.Processor(Environment.ProcessId), ProcessFigures.Processor(coordinator.Id), figures.Newest);
        var (acknowledgement, theta) = await figures.TakeAsync();
        return new LoadResult
        {
            Streams = options.Streams,
            Connections = options.Connections,
            Slots = options.Slots,
            SecondsToJoin = joined.TotalSeconds,
            Seconds = seconds,
            Samples = samples,
            SamplesPerSecond = samples / seconds,
            Others = others,
            Refusal = figures.Refusal,
            UpdatesPerSecond = (newest - version) / seconds,
            Acknowledgement = Percentiles.Of(acknowledgement),
            Theta = Percentiles.Of(theta),
            CoordinatorMegabytes = ProcessFigures.Resident(coordinator.Id) / 1e6,
            CoordinatorPeakMegabytes = ProcessFigures.PeakResident(coordinator.Id) / 1e6,
            CoordinatorProcessorSeconds = (processorAfter - processor).TotalSeconds,
            ToolProcessorSeconds = (ownAfter - own).TotalSeconds,
            StreamsLost = figures.Lost,
        };
    }

    private static GrpcChannel Channel(Uri address) => GrpcChannel.ForAddress(
        address, new GrpcChannelOptions { MaxReceiveMessageSize = ProtocolLimits.LargestMessageBytes });
}
