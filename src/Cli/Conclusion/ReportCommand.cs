using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Conclusion;

/// <summary><c>lopt report</c>: writes θ, summary and report of a run folder, also of one that a fleet's coordinator left.</summary>
internal static class ReportCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var run = new Argument<string>("run")
        {
            Description = "Folder of the run: of 'lopt train' or of a coordinator; it may be going on. Of 'lopt coordinator --evaluate': a "
                + "complete comparison.",
        };
        var data = CommonOptions.Data();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Folder to write θ, its card, summary.json and report.html to (default: the run folder).",
            HelpName = "DIR",
        };
        var anew = new Option<bool>("--compare-again")
        {
            Description = "Compare θ with the baselines again, also if the folder has that comparison.",
        };
        var json = CommonOptions.JsonResult("the summary (docs/SUMMARY.md)");
        var command = new Command(
            "report", "Write θ, summary and report of a run. θ is compared with tuned baselines, unless the folder has that comparison.")
        {
            run, data, output, anew, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(run);
            bool asJson = parsed.GetValue(json);
            var screen = asJson ? environment.WithWordsOnError() : environment;
            var recorded = RecordedThetas.Open(path);
            string? images = parsed.GetValue(data) ?? LaunchRecord.Read(new RunFolder(path))?.Data;
            var folder = new RunFolder(parsed.GetValue(output) ?? path);
            if (RecordedComparison.Find(path) is { } comparison)
            {
                OutputFolder.Prepare("--output", folder.Path);
                await new ComparisonReport(screen, folder, asJson ? environment.Output : null)
                    .WriteAsync(comparison, path, images, parsed.GetValue(anew), cancellation);
                return 0;
            }

            string again = $"lopt report {path}{(images is null ? "" : $" --data {images}")}";
            if (parsed.GetValue(anew) || !File.Exists(folder.Comparison)) DatasetCatalog.Find(recorded.Specification, images);
            OutputFolder.Prepare("--output", folder.Path);
            if (parsed.GetValue(anew)) File.Delete(folder.Comparison);
            var trained = Collect(recorded);
            long last = trained.Training.OuterUpdates, planned = recorded.Lineage.Plans.Newest.OuterUpdates;
            if (last < planned)
            {
                screen.WriteText(
                    $"The run stands at outer-update {DisplayFormat.Count(last)} of {DisplayFormat.Count(planned)}; this is what it has "
                        + "trained so far.");
            }

            return await new RunConclusion(
                    screen, folder, images, () => DatasetCatalog.OpenRun(recorded.Specification, images), again,
                    asJson ? environment.Output : null)
                .WriteAsync(trained, null, cancellation);
        });
        return command.WithExamples(
            "lopt report runs/mine",
            "lopt report runs/quickstart-comparison-…                                   # of lopt coordinator --evaluate",
            "lopt report /var/lib/lopt/run --data ~/cifar-10-batches-bin -o report/   # of a fleet's coordinator");
    }

    /// <exception cref="UserErrorException">The run cannot be read.</exception>
    private static TrainedRun Collect(RecordedThetas run)
    {
        var training = TrainingRecord.Of(run);
        return new TrainedRun
        {
            Specification = run.Specification,
            Content = FolderTheta.BestOrLatest(run).Content,
            Average = run.Specification.ThetaAverageDecay > 0 && training.History.Count > 0
                ? FolderTheta.Get(run, ThetaDownload.Average).Content
                : null,
            Training = training,
        };
    }
}
