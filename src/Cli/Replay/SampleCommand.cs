using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Replay;

/// <summary><c>lopt sample</c>: computes one sample of a run again here, and compares it with the run's.</summary>
internal static class SampleCommand
{
    /// <summary>Blanks before the second line of a row.</summary>
    private const int Indent = 10;

    public static Command Create(CliEnvironment environment)
    {
        var folder = new Argument<string>("run") { Description = "Folder of the run; it may be going on." };
        var problem = Index("problem", "Number of the inner-problem.");
        var truncation = Index("truncation", "Index of the truncation, from 0.");
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var command = new Command(
            "sample", "Compute one sample of a run again on this machine, from the start of its problem, and compare it bit for bit.")
        {
            folder, problem, truncation, data, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string path = parsed.GetRequiredValue(folder);
                using var run = ReplayableRun.Open(path);
                var slots = new RunSlots(run, new RunFolder(path), parsed.GetValue(data), environment);
                var identity = new SampleIdentity(parsed.GetValue(problem), (int)parsed.GetValue(truncation));
                var options = new ReplayOptions { Specification = run.Specification, CreateSlot = slots.Create };
                var sample = run.Check(identity, options, cancellation);
                if (parsed.GetValue(json)) environment.Output.WriteLine(Json(run, sample));
                else foreach (string line in Text(run, sample).Split('\n')) environment.WriteText(line, Indent);
                return sample.Difference is null ? 0 : ExitStatus.Negative;
            },
            cancellation));
        return command.WithExamples("lopt sample runs/mine 17 3", "lopt sample runs/mine 17 3 --json");
    }

    private static string Text(ReplayableRun run, CheckedSample sample)
    {
        var s = sample.Recorded;
        string merged = sample.MergedUpdate is { } update
            ? $"merged into outer-update {update} at place {sample.Place}"
            : sample.Counted ? "waiting for its batch" : "dropped as stale";
        string from = $"from worker '{sample.Worker}', received {sample.Received.ToString("u", CultureInfo.InvariantCulture)}";
        var compared = sample.ComparedGradients.Select(e => $"g_{e}").ToList();
        string gradients = compared.Count > 0 ? $"losses and {string.Join(", ", compared)}"
            : s.Gradients.IsEmpty ? "losses" : "losses (the gradients are not in the ledger)";
        string engine = run.RunEngine == EngineVersion.Current
            ? ""
            : $"\nThe run was computed by engine version '{run.RunEngine}', this is '{EngineVersion.Current}'.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            sample    {s.Identity.ProblemId}/{s.Identity.Truncation}, {s.Steps} inner-steps from {s.StartStep}, θ version {s.ThetaVersion}
            recorded  {from}, {merged}
            losses    {Losses(s)} recorded, {Losses(sample.Computed)} computed
            time      {s.Elapsed.TotalSeconds:0.000} s recorded, {sample.Computed.Elapsed.TotalSeconds:0.000} s here
            {(sample.Difference is { } difference ? $"It differs: {difference}.{engine}" : $"It is the same bit for bit: {gradients}.")}
            """);
    }

    private static string Json(ReplayableRun run, CheckedSample sample) => new JsonObject
    {
        ["run"] = run.RunId,
        ["problem"] = sample.Recorded.Identity.ProblemId,
        ["truncation"] = sample.Recorded.Identity.Truncation,
        ["thetaVersion"] = sample.Recorded.ThetaVersion,
        ["startStep"] = sample.Recorded.StartStep,
        ["steps"] = sample.Recorded.Steps,
        ["worker"] = sample.Worker,
        ["received"] = sample.Received.ToString("O", CultureInfo.InvariantCulture),
        ["counted"] = sample.Counted,
        ["mergedUpdate"] = sample.MergedUpdate,
        ["place"] = sample.Place,
        ["identical"] = sample.Difference is null,
        ["difference"] = sample.Difference,
        ["comparedGradients"] = new JsonArray([.. sample.ComparedGradients.Select(e => JsonValue.Create(e.Name))]),
        ["recorded"] = Side(sample.Recorded),
        ["computed"] = Side(sample.Computed),
    }.ToJsonString();

    private static JsonObject Side(GradientSample sample) => new()
    {
        ["losses"] = new JsonArray([.. sample.Losses.Select(loss => JsonValue.Create(loss))]),
        ["seconds"] = sample.Elapsed.TotalSeconds,
    };

    private static string Losses(GradientSample sample) =>
        string.Join(" and ", sample.Losses.Select(loss => loss.ToString("0.######", CultureInfo.InvariantCulture)));

    private static Argument<long> Index(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(name, result),
    };

    private static long Parse(string name, ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long index) && index <= int.MaxValue) return index;
        result.AddError($"{name} '{text}' must be a whole number from 0 on.");
        return 0;
    }
}
