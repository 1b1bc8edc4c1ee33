using System.CommandLine;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt pull</c>: writes a trained θ to a file, from a running coordinator or out of a run folder.</summary>
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
        var run = new Option<string?>("--run")
        {
            Description = "Take θ out of this run folder, without a coordinator; the run may be going on.",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print what was saved as JSON." };
        var command = new Command("pull", "Write θ and its card to a file, from a coordinator or out of a run folder.")
        {
            version, output, run, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string wanted = parsed.GetRequiredValue(version);
            if (parsed.GetValue(run) is { } folder && connection.AreGiven(parsed))
                throw new UserErrorException($"--run '{folder}' needs no coordinator. Omit --from and what belongs to it, or --run.");
            var (download, content) = parsed.GetValue(run) is { } directory
                ? FolderTheta.Get(RecordedThetas.Open(directory), wanted)
                : await DownloadAsync(connection.Open(parsed, environment), wanted, environment.Time, cancellation);
            string path = parsed.GetRequiredValue(output);
            OutputFile.Prepare(output.Name, path);
            ThetaFile.Write(path, content);
            ThetaCard.Write(path, content, download.Specification);
            if (parsed.GetValue(json))
            {
                environment.Output.WriteLine(Json(path, download).ToJsonString());
                return 0;
            }

            string what = download.AverageDecay is null ? "θ" : "the average of θ at";
            environment.WriteText(
                $"Saved {what} version {DisplayFormat.Count(download.Theta.Version)} of run {download.RunId} "
                + $"({download.Specification.Name}, {DisplayFormat.Count((long)download.Theta.Length)} parameters) to '{path}'.");
            return 0;
        });
        return command.WithExamples(
            "lopt pull --from 127.0.0.1:5317 --version best -o theta.safetensors",
            "lopt pull --run runs/mine --version best -o theta.safetensors",
            "lopt pull --from https://trainer.example:5317 --token-file reader.token");
    }

    private static JsonObject Json(string path, ThetaDownload download) => new()
    {
        ["file"] = path,
        ["card"] = ThetaCard.PathOf(path),
        ["preset"] = download.Specification.Name,
        ["runId"] = download.RunId,
        ["version"] = download.Theta.Version,
        ["parameters"] = download.Theta.Length,
        ["averageDecay"] = download.AverageDecay,
        ["sha256"] = Convert.ToHexStringLower(download.Theta.Checksum()),
    };

    /// <summary>A download, and its content with what the search has spent if the run is one.</summary>
    private static async Task<(ThetaDownload Download, ThetaFileContent Content)> DownloadAsync(
        CoordinatorChannel channel, string version, TimeProvider time, CancellationToken cancellation)
    {
        using var opened = channel;
        var download = await ThetaDownload.GetAsync(channel.Theta, version, time, cancellation);
        if (download.Specification.Mode != RunMode.Search) return (download, download.Content);
        var history = await channel.Operations.GetHistoryAsync(
            new GetHistoryRequest(), deadline: Defaults.Deadline(time), cancellationToken: cancellation);
        double seconds = history.Rows.Select(row => row.Seconds).DefaultIfEmpty(0).Max();
        var losses = history.Rows.Select(row => (row.OuterUpdate, row.EvaluationOuterTrain));
        return (download, download.Content with { Search = SearchOutcome.Of(download.Specification, losses, seconds) });
    }
}
