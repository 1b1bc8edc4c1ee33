using System.Globalization;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Shared.Specification;
using Spectre.Console;

namespace LoptCluster.Cli.Trials;

/// <summary>What a user reads of <c>lopt try</c>; as JSON, only its results.</summary>
internal sealed class TrialText(CliEnvironment environment, bool json)
{
    /// <summary>Below this number of tasks one task more may turn the verdict.</summary>
    private const int FewTasks = 6;

    /// <summary>Least width of a terminal for all columns of the table.</summary>
    private const int FullWidth = 86;

    private readonly JsonObject _json = [];

    public void Begin(string? data, TimeSpan budget)
    {
        if (json) return;
        environment.WriteText(
            "Trying trained θ beside Adam with the best of 11 learning rates per task, on "
                + $"{(data is null ? "procedural images" : $"the images of '{data}'")}; {DisplayFormat.About(budget)}.");
    }

    /// <summary>Shows that something goes on while a θ is tried, and then what it was tried on.</summary>
    /// <param name="name">The θ.</param>
    /// <param name="run">The trial, which reports the tasks that it has done.</param>
    public ThetaTrial During(string name, Func<Action<int>, ThetaTrial> run)
    {
        if (json) return run(_ => { });
        var trial = environment.IsLive
            ? environment.Console.Status().Start(Progress(name, 0), context => run(tasks => context.Status = Progress(name, tasks)))
            : run(_ => { });
        environment.WriteText($"  {Progress(name, trial.Mean.Length)} of {trial.Images}");
        return trial;
    }

    public void Results(IReadOnlyList<ThetaTrial> trials, IReadOnlyList<(string Name, string Reason)> unusable)
    {
        if (json)
        {
            _json["trials"] = new JsonArray([.. trials.Select(Json)]);
            _json["unusable"] = new JsonObject(unusable.Select(u => KeyValuePair.Create<string, JsonNode?>(u.Name, u.Reason)));
            return;
        }

        // On a narrow terminal nothing is said of final losses.
        int shown = environment.Console.Profile.Width < FullWidth ? 5 : 7;
        var table = new Table { Border = TableBorder.Simple };
        string[] columns = ["θ", "loss", "tasks", "mean\nlower on", "differs by", "final\nlower on", "differs by"];
        foreach (string column in columns[..shown])
        {
            var alignment = column is "θ" or "loss" ? Justify.Left : Justify.Right;
            table.AddColumn(new TableColumn(column) { Alignment = alignment, Padding = new Padding(1, 0, 0, 0) });
        }

        foreach (var trial in trials)
        {
            string[] cells =
            [
                Markup.Escape(trial.Theta.Name), trial.Tasks.Objective == OuterObjective.Valid ? "validation" : "training",
                DisplayFormat.Count((long)trial.Mean.Length), DisplayFormat.Percent(trial.ShareWon),
                DisplayFormat.Improvement(trial.Improvement), DisplayFormat.Percent(trial.ShareWonFinal),
                DisplayFormat.Improvement(trial.ImprovementFinal),
            ];
            table.AddRow(cells[..shown]);
        }

        environment.Console.Write(table);
        foreach (var (name, reason) in unusable) environment.WriteText($"{name} cannot be used: {reason}");
    }

    /// <param name="ranked">The best first.</param>
    /// <param name="data">Folder of image files; null: none.</param>
    /// <param name="cost">Time of a whole outer-training as that of the best on this machine.</param>
    public void Conclusion(IReadOnlyList<ThetaTrial> ranked, string? data, TimeSpan cost)
    {
        var best = ranked[0];
        if (json)
        {
            (_json["best"], _json["beatsTunedAdam"], _json["trainingSeconds"]) = (best.Name, best.Wins, Math.Round(cost.TotalSeconds));
            environment.Output.WriteLine(_json.ToJsonString());
            return;
        }

        ThetaTrial[] winners = [.. ranked.Where(t => t.Wins)];
        environment.WriteText(
            winners.Length > 0
                ? string.Join(' ', winners.Select(t => $"{t.Name} beats tuned Adam here: {Figures(t)}."))
                : $"None of these θ reliably beats tuned Adam here. The nearest is {best.Name}: {Figures(best)}.");
        if (best.Mean.Length < FewTasks) environment.WriteText("That is few tasks; more --seconds are more of them.");
        environment.WriteText(
            $"All train for {Steps(best.Tasks)} inner-steps. --set fixes that, the network and the images to yours: --set innerSteps=1000 "
                + "hiddenUnits=[100,50] imageSize=28.");
        environment.Output.WriteLine();
        if (winners.Length > 0) Line("use it", $"lopt theta copy {best.Theta.Name} -o theta.safetensors");
        Line("plots", $"lopt evaluate {best.Name}{Data()}{(data is null ? "" : " --set outerTrainShare=0")} -o comparison");
        Line("train one", $"lopt theta show {best.Theta.Name} > mine.toml");
        Line("", $"lopt train --preset mine.toml --from {best.Name}{Data()}");
        environment.Output.WriteLine();
        environment.WriteText(
            $"Training takes {DisplayFormat.About(cost)} on the {DisplayFormat.Plural(Environment.ProcessorCount, "core")} of "
                + "this machine, and holds out some of the classes (outerTrainShare in mine.toml). What you know of your task, fix in "
                + "mine.toml: a θ works on what it was trained for.");

        string Data() => data is null ? "" : $" --data {data}";
    }

    private static string Figures(ThetaTrial trial) => string.Create(
        CultureInfo.InvariantCulture,
        $"its mean {ObjectiveText.LossOf(trial.Tasks.Objective)} is lower on {trial.Mean.Count(i => i > 0)} of {trial.Mean.Length} tasks, "
            + $"{DisplayFormat.Improvement(trial.Improvement)} on the median one, its final loss on {trial.Final.Count(i => i > 0)}");

    private static string Progress(string name, int tasks) => $"{name}: {DisplayFormat.Plural(tasks, "task")}";

    private void Line(string what, string command) => environment.Output.WriteLine($"{what,-11}{command}");

    private static string Steps(RunSpecification tasks)
    {
        int shortest = tasks.ShortestInnerSteps(), longest = tasks.LongestInnerSteps();
        return shortest == longest
            ? DisplayFormat.Count((long)longest)
            : $"{DisplayFormat.Count((long)shortest)} to {DisplayFormat.Count((long)longest)}";
    }

    private static JsonObject Json(ThetaTrial trial) => new()
    {
        ["theta"] = trial.Name,
        ["objective"] = SpecificationWord.Of(trial.Tasks.Objective),
        ["tasks"] = trial.Mean.Length,
        ["shareWon"] = trial.ShareWon,
        ["medianImprovement"] = trial.Improvement,
        ["shareWonFinal"] = trial.ShareWonFinal,
        ["medianImprovementFinal"] = trial.ImprovementFinal,
        ["beatsTunedAdam"] = trial.Wins,
    };
}
