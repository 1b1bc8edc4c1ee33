using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Conclusion;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Screen;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Datasets;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using Spectre.Console;

namespace LoptCluster.Cli.Training;

/// <summary>One <c>lopt train</c>: describes the run, starts the fleet, shows it, compares, and leaves the run folder.</summary>
/// <param name="environment">Where progress and results are shown.</param>
/// <param name="request">The run.</param>
/// <param name="json">Where the summary is written as JSON at the end; null: nowhere.</param>
internal sealed class TrainingSession(CliEnvironment environment, TrainRequest request, TextWriter? json = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Where the values of what a run needs begin.</summary>
    private const int NeedsIndent = 12, NoteIndent = 2;
    private Uri? _page;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        long started = environment.Time.GetTimestamp();
        var dataset = DatasetCatalog.OpenRun(request.Specification, request.Launch.Data);
        var needs = request.Specification.Mode == RunMode.Search
            ? SearchNeeds.Describe(request, dataset)
            : RunNeeds.Describe(request, dataset, environment.InnerProblems);
        foreach (string line in needs) environment.WriteText(line, NeedsIndent);
        if (ListenAddress.ParseOptional("--web", request.Web) is { } page) ListenerSet.Probe("--web", page);
        if (request.Resuming) request.Folder.Resume(request.Specification, request.Launch);
        else request.Folder.Begin(request.Specification, request.Launch);

        var trained = await TrainAsync(stop);
        if (trained is null)
        {
            environment.WriteText(
                $"Stopped; nothing is lost. To continue: lopt {request.Command} --resume --run {request.Folder.Path}");
            return ExitStatus.Interrupted;
        }

        string again = $"lopt {request.Command} --resume --run {request.Folder.Path}";
        return await new RunConclusion(environment, request.Folder, request.Launch.Data, () => dataset, again, json)
            .WriteAsync(trained, () => environment.Time.GetElapsedTime(started), stop);
    }

    /// <summary>Trains until the run is finished; null if it was stopped before.</summary>
    private async Task<TrainedRun?> TrainAsync(CancellationToken stop)
    {
        await using var fleet = new LocalFleet(request, environment.Time);
        environment.Stop.OnSecond(fleet.Kill);
        try
        {
            var address = await fleet.AddressAsync(stop);
            _page = await fleet.PageAsync(stop);
            if (_page is not null) environment.Output.WriteLine($"  page      {_page}");
            environment.Output.WriteLine();
            using var channel = CoordinatorChannel.Open(address.AbsoluteUri);
            fleet.StartWorkers(address, request.Launch.Workers, request.Launch.Slots, request.Launch.Data);
            var last = await FollowAsync(fleet, channel, stop);
            if (last is { Finished: true })
            {
                fleet.ExpectEnd();
                return await CollectAsync(channel, last, stop);
            }

            await DrainAsync(fleet, channel);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        return null;
    }

    /// <summary>Shows the run until it is finished or stopped, and throws if the fleet breaks.</summary>
    private async Task<ScreenRun?> FollowAsync(LocalFleet fleet, CoordinatorChannel channel, CancellationToken stop)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var broken = fleet.Broken;
        _ = broken.ContinueWith(
            _ => Cancel(watching), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var views = StatusFollower.FollowAsync(channel.Operations, Interval, persistent: true, environment.Time, watching.Token)
            .Select(view => WithOwnWorkers(view, fleet));
        try
        {
            return await RunDisplay.ShowAsync(views, _ => Screen(), Lines, environment);
        }
        catch (OperationCanceledException) when (watching.IsCancellationRequested)
        {
            if (broken.IsCompleted) await broken;
            return null;
        }
    }

    /// <summary>
    /// The workers are children of this process: they start by themselves, and only this process knows why one of them ended.
    /// </summary>
    private static ScreenRun WithOwnWorkers(ScreenRun view, LocalFleet fleet)
    {
        if (fleet.Remark is { Length: > 0 } remark) return With("own_worker", NoticeSeverity.Warning, remark);
        return view.State == RunState.WaitingForWorkers
            ? With("no_worker", NoticeSeverity.Information, "Waiting for the workers to join.")
            : view;

        ScreenRun With(string kind, NoticeSeverity severity, string text) => view with { Notices = [new RunNotice(kind, severity, text)] };
    }

    private RunScreen Screen() => new(
        $"{request.Command} · {request.Folder.Path}",
        _page is null ? "Ctrl-C stops without loss; --resume continues." : $"Live page {_page} · Ctrl-C stops, --resume continues.",
        request.Specification,
        environment.Console.Profile.Capabilities.Unicode,
        () => environment.Console.Profile.Width);

    private PlainLines Lines() => new(
        line => environment.WriteText(line, NoteIndent), environment.Time, request.Specification.Mode == RunMode.Search);

    private async Task<TrainedRun> CollectAsync(CoordinatorChannel channel, ScreenRun last, CancellationToken stop)
    {
        var theta = await ThetaDownload.GetBestOrLatestAsync(channel.Theta, environment.Time, stop);
        var average = theta.Specification.ThetaAverageDecay > 0
            ? await ThetaDownload.GetAsync(channel.Theta, ThetaDownload.Average, environment.Time, stop)
            : null;
        var history = await channel.Operations.GetHistoryAsync(
            new GetHistoryRequest(), deadline: Defaults.Deadline(environment.Time), cancellationToken: stop);
        var losses = history.Rows.Select(row => (row.OuterUpdate, row.EvaluationOuterTrain));
        return new TrainedRun
        {
            Specification = theta.Specification,
            Content = theta.Content with { Search = SearchOutcome.Of(theta.Specification, losses, last.Running.TotalSeconds) },
            Average = average?.Content,
            Training = new TrainingRecord
            {
                Seconds = last.Running.TotalSeconds,
                SamplesAccepted = last.SamplesAccepted,
                SamplesRpInvalid = last.SamplesRpInvalid,
                SamplesRpComputed = last.SamplesRpComputed,
                SampleSeconds = last.SampleSeconds,
                SampleSecondsRp = last.SampleSecondsRp,
                History = history.Rows,
                BaselineOuterTest = last.BaselineOuterTest,
            },
        };
    }

    /// <summary>Lets the workers hand back unfinished problems, from which a resumed run continues.</summary>
    private async Task DrainAsync(LocalFleet fleet, CoordinatorChannel channel)
    {
        environment.WriteText("Stopping: the workers are handing back their problems. Press Ctrl-C again to exit at once.");
        fleet.ExpectEnd();
        fleet.Coordinator.ExpectEnd();
        try
        {
            await channel.Operations.DrainAsync(
                new DrainRequest { Reason = "stopped by the user" }, deadline: Defaults.Deadline(environment.Time));

            // A coordinator without workers exits at once, and a worker that has not joined yet would look for it forever.
            var workers = Task.WhenAll(fleet.Workers.Select(worker => worker.Ended));
            await Task.WhenAny(workers, fleet.Coordinator.Ended, Task.Delay(DrainTimeout, environment.Time));
        }
        catch (Grpc.Core.RpcException)
        {
            // The coordinator has ended; its state is in run.db, and disposing the fleet stops the workers.
        }
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run had ended by then.
        }
    }
}
