using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Specification;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoptCluster.Cli.Screen;

/// <summary>The live screen of a run: at most 80 × 24 characters, and no wider than the terminal.</summary>
/// <param name="title">"train · runs/quickstart-…".</param>
/// <param name="footer">What the person can do.</param>
/// <param name="specification">Null where only the status is known.</param>
/// <param name="unicode">The terminal can show block characters.</param>
/// <param name="columns">Width of the terminal now, which may change; null: wide enough.</param>
internal sealed class RunScreen(
    string title, string footer, RunSpecification? specification, bool unicode = true, Func<int>? columns = null)
{
    private const int FullWidth = 79;
    private const int LeastWidth = 40;
    private const int NameWidth = 12;
    private const int ValueWidth = 11;
    private const int MostWorkers = 4;

    private static readonly Style Name = new(Color.Grey);
    private static readonly Style Value = new(decoration: Decoration.Bold);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Odd = new(Color.Yellow);
    private static readonly Style Curve = new(Color.Aqua);

    private readonly LossHistory _losses = new();
    private int _width = FullWidth;

    private bool IsSearch => specification is { Mode: RunMode.Search };

    private string Versions => IsSearch ? "configurations" : "outer-updates";

    public IRenderable Render(ScreenRun view)
    {
        _losses.Add(view);
        _width = Math.Clamp((columns?.Invoke() ?? int.MaxValue) - 1, LeastWidth, FullWidth);
        var lines = new List<ScreenLine>
        {
            Line().Add("lopt ", Value).Add(title),
            Bar(Line(), view.Progress, Math.Max(8, 40 - Narrower), Good).Add(" " + Done(view)),
            Line().Add($"{RunStateText.Of(view.State)} {DisplayFormat.Duration(view.Running)} · {DisplayFormat.Duration(view.Left)} left"),
            Blank(),
        };
        lines.AddRange(view.Comparison is { } comparison ? [Row("trainings", DisplayFormat.Count((long)comparison.TrainingsDone)).Add(
            $"of {DisplayFormat.Count((long)comparison.Trainings)}: θ and every setting of every baseline on each task")]
            : IsSearch ? SearchRows.Of(view, this) : Numbers(view));
        if (view.Comparison is not null || IsSearch)
            lines.Add(Row("speed", DisplayFormat.Count(view.InnerStepsPerSecond)).Add("inner-steps/s"));
        lines.Add(Blank());
        lines.AddRange(Workers(view));
        lines.Add(Blank());
        lines.AddRange(Wrap(view.Notice?.Text ?? "", 2).Select(text => Line().Add(text, Odd)));
        lines.AddRange(Wrap(footer, Narrower > 0 ? 2 : 1).Select(text => Line().Add(text, Name)));
        return new Rows(lines.Select(line => line.Render()));
    }

    private string Done(ScreenRun view) => view.Comparison is { } comparison
        ? $"{DisplayFormat.Count((long)comparison.TasksDone)}/{DisplayFormat.Count((long)comparison.Tasks)} tasks"
        : $"{DisplayFormat.Count(view.OuterUpdate)}/{DisplayFormat.Count(view.OuterUpdatesTotal)} {Versions}";

    private IEnumerable<ScreenLine> Numbers(ScreenRun view)
    {
        string horizon = specification is null
            ? ""
            : $", up to {DisplayFormat.Count((long)specification.TruncationLast)} of T = "
                + $"{DisplayFormat.Count((long)specification.LongestInnerSteps())}";
        yield return Row("k", DisplayFormat.Count(view.TruncationSteps)).Add($"inner-steps a truncation{horizon}");
        yield return Row("outer-loss", DisplayFormat.Number(view.OuterLossAverage ?? view[UpdateFigureTable.OuterLoss]))
            .Add(Sparkline.Of(_losses.Values, Math.Min(50, _width - 25), unicode), Curve);
        if (view.Weighed is { } weighed)
        {
            double? value = view[UpdateFigureTable.Weight[weighed]];
            var row = Row($"{weighed.ShortName} weight", DisplayFormat.Number(value)).Add("0 ");
            var weight = Bar(row, value ?? 0, Math.Max(8, 30 - Narrower), new Style(Color.Fuchsia)).Add(" 1");
            yield return view[UpdateFigureTable.RpShare] is { } share ? weight.Add($" · g_rp of {DisplayFormat.Percent(share)}") : weight;
        }

        yield return Row("variances", "")
            .Add(string.Concat(view.Estimators.Select(e => $"g_{e} {Figure(UpdateFigureTable.Variance[e])} · ")))
            .Add($"norm of the merged {Figure(UpdateFigureTable.GradientNorm)}");
        string[] further = [.. UpdateFigureTable.All.Where(f => f.ScreenName is not null).Select(f => $"{f.ScreenName} {Figure(f)}")];
        if (further.Length > 0) yield return Row("update", "").Add(string.Join(" · ", further));
        yield return Row("speed", DisplayFormat.Count(view.SamplesPerSecond))
            .Add($"samples/s · {DisplayFormat.Count(view.InnerStepsPerSecond)} inner-steps/s · age {Figure(UpdateFigureTable.SampleAge)}");
        yield return Samples(view);
        yield return Evaluation("held-out", view.EvaluationOuterTest, view.BaselineOuterTest);
        var train = Evaluation("outer-train", view.EvaluationOuterTrain, view.BaselineOuterTrain);
        yield return view.BestVersion is { } best ? train.Add($" · best {DisplayFormat.Count(best)}") : train;
        if (view.AverageOuterTest is { } average)
        {
            yield return Row("average θ", DisplayFormat.Number(average))
                .Add($"mean loss on held-out tasks · outer-train {DisplayFormat.Number(view.AverageOuterTrain)}");
        }

        string Figure(UpdateFigure figure) => FigureNames.Format(figure, view[figure]);
    }

    private ScreenLine Samples(ScreenRun view)
    {
        var line = Row("samples", DisplayFormat.Count(view.SamplesAccepted))
            .Add(
                $"accepted · {DisplayFormat.Count(view.SamplesRpInvalid)} g_rp not finite · {DisplayFormat.Count(view.SamplesDuplicate)} "
                    + $"resent");
        if (view.SamplesStale > 0) line.Add($" · {DisplayFormat.Count(view.SamplesStale)} stale");
        long rejected = view.SamplesRejected.Values.Sum();
        return rejected > 0 ? line.Add($" · {DisplayFormat.Count(rejected)} refused", new Style(Color.Red)) : line;
    }

    internal ScreenLine Evaluation(string name, double? loss, double? baseline)
    {
        var line = Row(name, DisplayFormat.Number(loss));
        if (baseline is not { } adam) return line.Add(loss is null ? "mean loss; not evaluated yet" : "mean loss");
        string tuned = $"tuned Adam {DisplayFormat.Number(adam)}";
        return loss is { } learned
            ? line.Add(DisplayFormat.Difference(learned, adam), learned < adam ? Good : Odd).Add($" than {tuned}")
            : line.Add($"mean loss; {tuned}");
    }

    private IEnumerable<ScreenLine> Workers(ScreenRun view)
    {
        yield return WorkerRow("worker", "slots", "problems", "steps/s", "samples", "state", Name, Name);

        // The lost ones first: they are what a person should see.
        var shown = view.Workers.OrderBy(worker => !worker.IsLost).ThenBy(worker => worker.WorkerId, StringComparer.Ordinal).ToList();
        int most = shown.Count > MostWorkers ? MostWorkers - 1 : MostWorkers;
        foreach (var worker in shown.Take(most))
        {
            yield return WorkerRow(
                worker.WorkerId,
                $"{worker.Slots}",
                DisplayFormat.Count((long)worker.Problems),
                DisplayFormat.Count(worker.InnerStepsPerSecond),
                DisplayFormat.Count(worker.Samples),
                worker.State,
                Style.Plain,
                worker.IsLost ? Odd : Good);
        }

        if (shown.Count > most)
        {
            var rest = shown.Skip(most).ToList();
            yield return WorkerRow(
                $"and {rest.Count} more",
                DisplayFormat.Count((long)rest.Sum(worker => worker.Slots)),
                DisplayFormat.Count((long)rest.Sum(worker => worker.Problems)),
                DisplayFormat.Count(rest.Sum(worker => worker.InnerStepsPerSecond)),
                DisplayFormat.Count(rest.Sum(worker => worker.Samples)),
                "",
                Name,
                Name);
        }
    }

    private ScreenLine WorkerRow(
        string id, string slots, string problems, string steps, string samples, string state, Style style, Style ofState) =>
        Line().Left(id, Math.Max(8, 30 - Narrower), style).Right(slots, 7, style).Right(problems, 9, style).Right(steps, 11, style)
            .Right(samples, 12, style).Add(state, ofState);

    internal ScreenLine Row(string name, string value) =>
        Line().Left(name, NameWidth, Name).Right(value, ValueWidth, Value).Add(" ");

    private ScreenLine Bar(ScreenLine line, double share, int width, Style style)
    {
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return line.Add(new string(unicode ? '━' : '#', full), style).Add(new string(unicode ? '─' : '-', width - full), Name);
    }

    /// <summary>What does not fit in so many lines is cut off at the end of the last.</summary>
    private IEnumerable<string> Wrap(string text, int mostLines)
    {
        if (text == "") return [];
        string[] lines = [.. WrappedText.Lines(text, _width)];
        return lines.Length <= mostLines ? lines : [.. lines[..(mostLines - 1)], string.Join(' ', lines[(mostLines - 1)..])];
    }

    /// <summary>Columns that are missing from the full width.</summary>
    private int Narrower => FullWidth - _width;

    private ScreenLine Line() => new(_width);

    /// <summary>A line without text would take no line at all.</summary>
    private ScreenLine Blank() => Line().Add(" ");
}
