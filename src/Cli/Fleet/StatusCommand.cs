using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Screen;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt status</c>: shows the status of a run, once or live.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static Command Create(CliEnvironment environment)
    {
        var connection = new ConnectionOptions();
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "Follow the run until it is finished; a coordinator that stops before that is an error.",
        };
        var json = CommonOptions.Json();
        var command = new Command("status", "Show the status of a running coordinator.") { watch, json };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var channel = connection.Open(parsed, environment);
            if (parsed.GetValue(watch)) await WatchAsync(channel, parsed.GetValue(json), environment, cancellation);
            else await OnceAsync(channel, parsed.GetValue(json), environment, cancellation);
            return 0;
        });
        return command.WithExamples(
            "lopt status --from 127.0.0.1:5317",
            "lopt status --from https://trainer.example:5317 --token-file reader.token --watch",
            "lopt status --json");
    }

    private static async Task OnceAsync(CoordinatorChannel channel, bool json, CliEnvironment environment, CancellationToken cancellation)
    {
        var status = await channel.Operations.GetStatusAsync(
            new GetStatusRequest(), deadline: Defaults.Deadline(environment.Time), cancellationToken: cancellation);
        var view = ScreenRun.From(status);
        if (json) environment.Output.WriteLine(StatusJson.Of(view));
        else environment.Console.Write(Screen(view, null, environment).Render(view));
    }

    private static async Task WatchAsync(CoordinatorChannel channel, bool json, CliEnvironment environment, CancellationToken cancellation)
    {
        var views = StatusFollower.FollowAsync(channel.Operations, WatchInterval, persistent: false, environment.Time, cancellation);
        if (json)
        {
            await foreach (var view in views) environment.Output.WriteLine(StatusJson.Of(view));
            return;
        }

        var specification = await SpecificationAsync(channel, environment, cancellation);
        var last = await RunDisplay.ShowAsync(
            views,
            view => Screen(view, specification, environment),
            () => new PlainLines(line => environment.WriteText(line, 2), environment.Time),
            environment);
        if (last is { Finished: true }) environment.WriteText(last.Conclusion?.Text ?? "The run is finished.", 2);
    }

    private static RunScreen Screen(ScreenRun view, RunSpecification? specification, CliEnvironment environment) => new(
        $"status · {view.Preset} · run {view.RunId}", "", specification, environment.Console.Profile.Capabilities.Unicode,
        () => environment.Console.Profile.Width);

    private static async Task<RunSpecification> SpecificationAsync(
        CoordinatorChannel channel, CliEnvironment environment, CancellationToken cancellation)
    {
        var response = await channel.Theta.GetThetaAsync(
            new GetThetaRequest { Latest = true }, deadline: Defaults.Deadline(environment.Time), cancellationToken: cancellation);
        return SpecificationJson.Deserialize(response.SpecificationJson);
    }
}
