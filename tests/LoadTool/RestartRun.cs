using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using LoptCluster.ClusterTestKit;

namespace LoptCluster.LoadTool;

/// <summary>
/// Time from the start of a coordinator that was killed (SIGKILL) until it has accepted a first sample: of workers that died with it, whose
/// place others take, and of the same workers, which come back without their problems.
/// </summary>
internal sealed class RestartRun(RestartOptions options)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromMinutes(2);

    /// <summary>Problems are long, so that most are open when the coordinator is killed; times are those of the product.</summary>
    private Fleet NewFleet() => new([
        $"batchSamples={options.BatchSamples}", "outerUpdates=100000000", "evaluateEveryUpdates=0", "innerSteps=10000",
        "truncationFirst=50", "truncationLast=50", "truncationRampUpdates=0", "auditShare=0",
        $"mode={(options.IsSynchronous ? "synchronous" : "asynchronous")}"])
    {
        Heartbeat = TimeSpan.FromSeconds(2),
        LostWorkerGrace = TimeSpan.FromSeconds(10),
        Program = options.Program is { } program ? (arguments, _) => Start(program, arguments) : LoptProcess.Start,
    };

    private static LoptProcess Start(string program, string[] arguments) => LoptProcess.Start(
        new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });

    public async Task MeasureAsync(TextWriter output, CancellationToken cancellation)
    {
        using var fleet = NewFleet();
        await TrainAsync(fleet, output, cancellation);
        for (int i = 0; i < options.Repetitions; i++)
        {
            var others = await RestartAsync(fleet, firstWorker: (i + 1) * options.Streams, cancellation);
            var same = await RestartAsync(fleet, firstWorker: (i + 1) * options.Streams, cancellation);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"restart {i + 1}: first sample after {others.TotalSeconds:F2} s by other workers, {same.TotalSeconds:F2} s by the same"));
        }
    }

    private async Task TrainAsync(Fleet fleet, TextWriter output, CancellationToken cancellation)
    {
        var coordinator = await fleet.StartCoordinatorAsync();
        var figures = new LoadFigures();
        var watch = Stopwatch.StartNew();
        await using (var workers = await Workers.JoinAsync(fleet.Address, 0, options, figures, cancellation))
        {
            while (figures.Accepted < options.Samples)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                if (figures.Lost > 0) throw new IOException($"a worker was lost: {figures.Refusal}");
            }

            await coordinator.KillAsync();
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Accepted:N0} samples, {figures.Newest:N0} outer-updates, up to {options.Streams * options.Slots:N0} open problems; "
                + $"{watch.Elapsed.TotalSeconds:F0} s"));
    }

    private async Task<TimeSpan> RestartAsync(Fleet fleet, int firstWorker, CancellationToken cancellation)
    {
        var figures = new LoadFigures();
        long began = Stopwatch.GetTimestamp();
        var coordinator = await fleet.StartCoordinatorAsync();
        await using var workers = await Workers.JoinAsync(fleet.Address, firstWorker, options, figures, cancellation);
        while (figures.Accepted == 0)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"No sample was accepted within {Patience}.");
            await Task.Delay(Poll, cancellation);
        }

        var elapsed = figures.FirstAccepted(began);
        await coordinator.KillAsync();
        return elapsed;
    }

    private sealed class Workers : IAsyncDisposable
    {
        private readonly List<GrpcChannel> _channels = [];
        private readonly List<LoadStream> _streams = [];

        public static async Task<Workers> JoinAsync(
            Uri address, int first, RestartOptions options, LoadFigures figures, CancellationToken cancellation)
        {
            var load = new LoadOptions(options.Streams, options.Streams, options.Slots, TimeSpan.Zero, 0, 0, []);
            var workers = new Workers();
            for (int i = 0; i < options.Streams; i++)
            {
                workers._channels.Add(GrpcChannel.ForAddress(address));
                workers._streams.Add(new LoadStream(workers._channels[i], first + i, load, figures));
            }

            await Task.WhenAll(workers._streams.Select(stream => stream.JoinAsync(cancellation)));
            return workers;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var stream in _streams) await stream.DisposeAsync();
            foreach (var channel in _channels) channel.Dispose();
        }
    }
}
