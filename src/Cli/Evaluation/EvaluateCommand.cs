using System.Collections.Immutable;
using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Runs;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Evaluation;

/// <summary><c>lopt evaluate</c>: compares a θ file with tuned baselines, on the tasks of any preset.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var theta = new Argument<string>("theta")
        {
            Description = "A theta.safetensors file, a theta:NAME of 'lopt theta list', or a run folder, also of a coordinator: its best "
                + "θ.",
            CompletionSources = { CommonOptions.ShippedThetas },
        };
        var preset = CommonOptions.Preset("Preset whose tasks to compare on (default: the run that trained θ, from its card).");
        var data = CommonOptions.Data();
        var set = CommonOptions.Set(greedy: false);
        var json = CommonOptions.JsonResult("the summary (docs/SUMMARY.md)");
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Folder to write summary.json and report.html to.",
            HelpName = "DIR",
        };
        var against = CommonOptions.Against();
        var trace = new Option<string?>("--trace")
        {
            Description = "Instead of a comparison: write the first inner-steps of one held-out task to a safetensors file, for other "
                + "implementations of the update to check themselves with (docs/THETA.md).",
            HelpName = "FILE",
        };
        var traceSteps = NumberOptions.Positive(
            "--trace-steps", $"Number of inner-steps to trace (default: {TraceFile.DefaultSteps}, or all if there are fewer).", "N");
        var traceTask = NumberOptions.Positive("--trace-task", "Which of the held-out tasks to trace (default: 1, the first).", "N");
        var comparison = new Option<string?>("--comparison") { Hidden = true };
        var child = ParentWatch.Option();
        var command = new Command("evaluate", "Compare a trained θ with tuned Adam, RMSProp and momentum on held-out tasks.")
        {
            theta, preset, data, set, against, json, output, trace, traceSteps, traceTask, comparison, child,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(child)) ParentWatch.Begin(environment);
            var subject = EvaluationSubject.Load(
                parsed.GetRequiredValue(theta), parsed.GetValue(preset), parsed.GetValue(data), parsed.GetValue(set) ?? []);
            if (parsed.GetValue(trace) is { } traced)
            {
                TraceFile.Write(
                    traced, subject, parsed.GetValue(data), parsed.GetValue(traceTask) ?? 1, parsed.GetValue(traceSteps), environment,
                    cancellation);
                return 0;
            }

            var baselines = ComparedBaselines.Of(parsed.GetValue(against) ?? []);
            var dataset = DatasetCatalog.OpenRun(subject.Specification, parsed.GetValue(data));
            if (parsed.GetValue(output) is { } folder) OutputFolder.Prepare("--output", folder);
            var screen = parsed.GetValue(json) ? environment.WithWordsOnError() : environment;
            var result = await CompareAsync(subject, dataset, baselines, screen, cancellation);
            if (parsed.GetValue(comparison) is { } file)
            {
                ComparisonProcess.Write(file, result.Comparison);
                return 0;
            }

            if (parsed.GetValue(output) is { } directory) Write(directory, result);
            if (parsed.GetValue(json)) environment.Output.WriteLine(SummaryWriter.Compose(result).ToJsonString());
            else Show(result, environment);
            return 0;
        });
        return command.WithExamples(
            "lopt evaluate runs/quickstart-…/theta.safetensors",
            "lopt evaluate theta.safetensors --against runs/tuned/theta.safetensors --against published",
            "lopt evaluate theta:mixture-train --data ~/mnist --set outerTrainShare=0",
            "lopt evaluate theta.safetensors --preset cifar --data ~/cifar-10-batches-bin -o comparison/",
            "lopt evaluate theta.safetensors --trace trace.safetensors");
    }

    private static async Task<ReportData> CompareAsync(
        EvaluationSubject subject, IRunImages dataset, ImmutableArray<Baseline> baselines, CliEnvironment environment,
        CancellationToken cancellation)
    {
        long started = environment.Time.GetTimestamp();
        var comparison = await ComparisonDisplay.RunAsync(
            subject.Specification, dataset, subject.Content.Theta, environment, cancellation, baselines);
        return new ReportData
        {
            Specification = subject.Specification,
            RunId = subject.Content.RunId,
            Dataset = dataset.Description,
            Theta = subject.Content.Theta,
            WallSeconds = environment.Time.GetElapsedTime(started).TotalSeconds,
            Comparison = comparison,
        };
    }

    private static void Write(string directory, ReportData result)
    {
        var folder = new RunFolder(directory);
        SummaryWriter.Write(folder.Summary, result);
        ReportWriter.Write(folder.Report, result);
    }

    private static void Show(ReportData result, CliEnvironment environment)
    {
        environment.Console.Write(ComparisonTable.Compose(result.Comparison, environment.Console.Profile.Width));
        environment.WriteText(Findings.InWords(result));
    }
}
