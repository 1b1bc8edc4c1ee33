using System.CommandLine;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared;
using Spectre.Console;

namespace LoptCluster.Cli.Reproduction;

/// <summary><c>lopt reproduce</c>: makes figures of the paper again, as data, plot and the numbers that judge its claims.</summary>
internal static class ReproduceCommand
{
    internal const string DefaultFolder = "reproduction";

    public static Command Create(CliEnvironment environment)
    {
        var figure = new Argument<string?>("figure")
        {
            Description = "Figure of the paper by its id (2c), its number for all panels (2), or 'all'. --list shows them.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var list = new Option<bool>("--list") { Description = "List the figures, with what the paper says of each." };
        var scale = new Option<ReproductionScale>("--scale")
        {
            Description = "small: seconds to minutes on two cores. paper: the paper's numbers, after saying what they cost.",
            HelpName = "small|paper",
            DefaultValueFactory = _ => ReproductionScale.Small,
        };
        var seeds = NumberOptions.Positive("--seeds", "Seeds of each random experiment (default: small 3, paper 5).", "N");
        var synchronous = new Option<bool>("--synchronous")
        {
            Description = "Train θ synchronously: a second run gives the same θ bit for bit, on any number of cores (default: "
                + "asynchronously, as in the paper).",
        };
        var fleet = new Option<bool>("--fleet")
        {
            Description = "Train nothing: write the figure's trainings as studies, and print the commands that train them on a fleet. Then "
                + "the same command without it makes the figure.",
        };
        var data = CommonOptions.Data();
        var output = new Option<string>("--output", "-o")
        {
            Description = "Folder of the files. Experiments that are finished in it are not done again.",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultFolder,
        };
        var json = CommonOptions.JsonResult("each figure's files, and the numbers that judge its claims,");
        var command = new Command(
            "reproduce", "Make figures of the paper again: data (CSV), plot (SVG and PNG), and the numbers that judge its claims.")
        {
            figure, list, scale, seeds, synchronous, fleet, data, output, json,
        };
        command.SetAction((parsed, stop) => Task.Run(
            () =>
            {
                var request = new ReproductionRequest(
                    parsed.GetValue(scale), parsed.GetValue(data), parsed.GetRequiredValue(output), parsed.GetValue(seeds),
                    parsed.GetValue(synchronous));
                bool asJson = parsed.GetValue(json);
                if (parsed.GetValue(list))
                {
                    if (asJson) environment.Output.WriteLine(List(request.Sizes).ToJsonString());
                    else environment.Console.Write(Table(request.Sizes));
                    return 0;
                }

                string name = parsed.GetValue(figure)
                    ?? throw new UserErrorException("No figure is named. Pass an id such as 2c, or 'all'; --list shows them.");
                OutputFolder.Prepare(output.Name, request.Folder);
                var screen = asJson ? environment.WithWordsOnError() : environment;
                if (parsed.GetValue(fleet))
                {
                    var written = FleetReproduction.Write(screen, FigureCatalog.Select(name), name, request, stop);
                    if (asJson) environment.Output.WriteLine(written.ToJsonString());
                    return 0;
                }

                JsonNode[] made = [.. FigureCatalog.Select(name).Select(selected => Make(screen, selected, request, stop))];
                if (asJson) environment.Output.WriteLine(new JsonArray(made).ToJsonString());
                return 0;
            },
            stop));
        return command.WithExamples(
            "lopt reproduce --list",
            "lopt reproduce 2c                       # one panel, in seconds",
            "lopt reproduce 3 -o figures             # all panels of Figure 3",
            "lopt reproduce all --scale paper        # says what it costs, and resumes when it is stopped",
            "lopt reproduce 8 --fleet                # how to train its optimizers on a fleet");
    }

    private static JsonObject Make(CliEnvironment environment, PaperFigure figure, ReproductionRequest request, CancellationToken stop)
    {
        var sizes = request.Sizes;
        environment.WriteText($"{figure.Name}: {figure.Title} ({Cost(figure, sizes)})");
        var trainer = new StudyFigureTrainer(environment, FigureFiles.Studies(request.Folder), request.Data);
        var files = request.Make(figure, sizes, trainer, environment.Time, out var data, stop);
        foreach (var finding in data.Findings)
        {
            var (lower, median, upper) = (finding.Value.Lower, finding.Value.Median, finding.Value.Upper);
            string quartiles = lower == upper ? "" : $" ({DisplayFormat.Number(lower)} to {DisplayFormat.Number(upper)})";
            environment.WriteText($"  {finding.Name}: {DisplayFormat.Number(median)}{quartiles}", 4);
        }

        string? failure = files.Draw();
        environment.WriteText($"  {files.Csv}, {files.Numbers}, {files.Svg}{(failure is null ? $", {files.Png}" : "")}", 2);
        if (failure is not null) environment.Error.WriteLine($"  '{files.Png}' is not drawn: {failure} The SVG is the same picture.");
        return new JsonObject
        {
            ["figure"] = figure.Id,
            ["title"] = figure.Title,
            ["numbers"] = new JsonObject(data.Findings.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Quartiles(f.Value)))),
            ["files"] = new JsonObject
            {
                ["csv"] = files.Csv,
                ["numbers"] = files.Numbers,
                ["svg"] = files.Svg,
                ["png"] = failure is null ? files.Png : null,
            },
        };
    }

    private static JsonObject Quartiles(Quartiles value) => new()
    {
        ["lower"] = CommonOptions.Number(value.Lower),
        ["median"] = CommonOptions.Number(value.Median),
        ["upper"] = CommonOptions.Number(value.Upper),
    };

    private static JsonArray List(FigureSizes sizes) => new(
    [
        .. FigureCatalog.All.Select(figure => new JsonObject
        {
            ["figure"] = figure.Id,
            ["title"] = figure.Title,
            ["claim"] = figure.Claim,
            ["innerSteps"] = CommonOptions.Number(figure.InnerSteps(sizes)),
        }),
    ]);

    private static Table Table(FigureSizes sizes)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (ReadOnlySpan<string>)["figure", "title", "cost", "what the paper says"]) table.AddColumn(column);
        foreach (var figure in FigureCatalog.All)
            table.AddRow(figure.Id, Markup.Escape(figure.Title), Cost(figure, sizes), Markup.Escape(figure.Claim));
        return table;
    }

    private static string Cost(PaperFigure figure, FigureSizes sizes)
    {
        double steps = figure.InnerSteps(sizes), seconds = steps * figure.SecondsPerInnerStep(sizes) / Environment.ProcessorCount;
        return $"{DisplayFormat.Count(steps)} inner-steps, about {DisplayFormat.Duration(TimeSpan.FromSeconds(Math.Max(1, seconds)))} "
            + $"on {DisplayFormat.Plural(Environment.ProcessorCount, "core")}";
    }
}
