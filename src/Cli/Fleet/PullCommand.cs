using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt pull</c>: writes a trained θ from a running coordinator to a file.</summary>
internal static class PullCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var connection = new ConnectionOptions();
        var version = new Option<string>("--version")
        {
            Description = $"A number of outer-updates, '{ThetaDownload.Latest}', '{ThetaDownload.Best}' (lowest outer-train loss so far), "
                + $"or '{ThetaDownload.Average}' (moving average of θ up to the newest, if thetaAverageDecay is above 0).",
            HelpName = "N",
            DefaultValueFactory = _ => ThetaDownload.Latest,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "File to write; its card is written beside it.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "theta.safetensors",
        };
        var command = new Command("pull", "Download θ from a coordinator.") { version, output };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var channel = connection.Open(parsed, environment);
            var download = await ThetaDownload.GetAsync(channel.Theta, parsed.GetRequiredValue(version), environment.Time, cancellation);
            string path = parsed.GetRequiredValue(output);
            var content = await WithSearchAsync(channel, download, environment.Time, cancellation);
            ThetaFile.Write(path, content);
            ThetaCard.Write(path, content, download.Specification);
            string what = download.AverageDecay is null ? "θ" : "the average of θ at";
            environment.Output.WriteLine(
                $"Saved {what} version {DisplayFormat.Count(download.Theta.Version)} of run {download.RunId} "
                + $"({download.Specification.Name}, {DisplayFormat.Count((long)download.Theta.Length)} parameters) to '{path}'.");
            return 0;
        });
        return command.WithExamples(
            "lopt pull --from 127.0.0.1:5317 --version best -o theta.safetensors",
            "lopt pull --from https://trainer.example:5317 --token-file reader.token");
    }

    /// <summary>The content of a download, with what the search has spent if the run is one.</summary>
    private static async Task<ThetaFileContent> WithSearchAsync(
        CoordinatorChannel channel, ThetaDownload download, TimeProvider time, CancellationToken cancellation)
    {
        if (download.Specification.Mode != RunMode.Search) return download.Content;
        var history = await channel.Operations.GetHistoryAsync(
            new GetHistoryRequest(), deadline: Defaults.Deadline(time), cancellationToken: cancellation);
        double seconds = history.Rows.Select(row => row.Seconds).DefaultIfEmpty(0).Max();
        return download.Content with { Search = SearchOutcome.Of(download.Specification, history.Rows, seconds) };
    }
}
