using LoptCluster.Shared.Specification;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoptCluster.Cli.Screen;

/// <summary>The live screen of a run: at most 80 × 24 characters.</summary>
/// <param name="title">"train · runs/quickstart-…".</param>
/// <param name="footer">What the person can do.</param>
/// <param name="unicode">The terminal can show block characters.</param>
internal sealed class RunScreen(string title, string footer, RunSpecification? specification, bool unicode = true)
{
    private const int Width = 76;
    private const int BarWidth = 34;
    private const int MostWorkers = 4;
    private readonly LossHistory _losses = new();

    public IRenderable Render(RunView view)
    {
        _losses.Add(view);
        string remark = Remarks.For(view, specification);
        return new Rows(
            Line($"[bold]lopt[/] {Markup.Escape(title)}"),
            Progress(view),
            new Text(""),
            Numbers(view),
            new Text(""),
            Workers(view),
            new Text(""),
            Line(remark == "" ? "" : $"[yellow]{Markup.Escape(remark)}[/]", wrap: true),
            Line($"[grey]{Markup.Escape(footer)}[/]"));
    }

    private Markup Progress(RunView view) => Line(
        $"{Bar(view.Progress, BarWidth, "green")} {Words.Count(view.OuterUpdate)}/{Words.Count(view.OuterUpdatesTotal)} "
        + $"· {Words.Of(view.State)} {Words.Duration(view.Running)} · {Words.Duration(view.Left)} left");

    private Grid Numbers(RunView view)
    {
        var grid = new Grid().Width(Width + 2);
        grid.AddColumn(new GridColumn { Width = 12, NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        grid.AddColumn(new GridColumn { Width = 9, NoWrap = true, Padding = new Padding(0, 0, 1, 0), Alignment = Justify.Right });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(1, 0, 0, 0) });
        Row("k", Words.Count(view.TruncationSteps), $"inner-steps a truncation{Horizon()}");
        Row("outer-loss", Words.Number(view.OuterLossAverage ?? view.OuterLoss), $"[aqua]{Sparkline.Of(_losses.Values, 50, unicode)}[/]");
        Row("ES weight", Words.Number(view.WeightEs), $"0 {Bar(view.WeightEs ?? 0, 24, "fuchsia")} 1");
        Row("variances", "", $"g_rp {Words.Number(view.VarianceRp)} · g_es {Words.Number(view.VarianceEs)} · norm of the merged {Words.Number(view.GradientNorm)}");
        Row(
            "speed",
            Words.Count(view.SamplesPerSecond),
            $"samples/s · {Words.Count(view.InnerStepsPerSecond)} inner-steps/s · age {Words.Number(view.MeanSampleAgeUpdates)} updates");
        Row("samples", Words.Count(view.SamplesAccepted), Samples(view));
        Row("held-out", Words.Number(view.EvaluationOuterTest), Evaluation(view.EvaluationOuterTest, view.BaselineOuterTest));
        Row(
            "outer-train",
            Words.Number(view.EvaluationOuterTrain),
            Evaluation(view.EvaluationOuterTrain, view.BaselineOuterTrain) + (view.BestVersion is { } best ? $" · best at {Words.Count(best)}" : ""));
        return grid;

        void Row(string name, string value, string text) => grid.AddRow($"[grey]{name}[/]", $"[bold]{value}[/]", text);
        string Horizon() => specification is null ? "" : $", up to {Words.Count((long)specification.TruncationLast)} of T = {Words.Count((long)specification.InnerSteps)}";
    }

    private static string Samples(RunView view)
    {
        long rejected = view.SamplesRejected.Values.Sum();
        string text = $"accepted · {Words.Count(view.SamplesRpInvalid)} with g_rp not finite · {Words.Count(view.SamplesDuplicate)} resent";
        if (view.SamplesStale > 0) text += $" · {Words.Count(view.SamplesStale)} stale";
        return rejected > 0 ? $"{text} · [red]{Words.Count(rejected)} refused[/]" : text;
    }

    private static string Evaluation(double? loss, double? baseline)
    {
        if (baseline is not { } adam) return loss is null ? "mean loss of θ; not evaluated yet" : "mean loss of θ";
        if (loss is not { } learned) return $"mean loss of θ · tuned Adam {Words.Number(adam)}";
        return $"mean loss of θ · tuned Adam {Words.Number(adam)} · [{(learned < adam ? "green" : "yellow")}]{Words.Against(learned, adam)}[/]";
    }

    private static Table Workers(RunView view)
    {
        var table = new Table { Border = TableBorder.None, Width = Width + 2, ShowHeaders = true };
        table.AddColumn(new TableColumn("[grey]worker[/]") { NoWrap = true, Width = 30 });
        foreach (string name in (ReadOnlySpan<string>)["slots", "problems", "steps/s", "samples", "state"])
        {
            table.AddColumn(new TableColumn($"[grey]{name}[/]") { NoWrap = true, Alignment = name == "state" ? Justify.Left : Justify.Right });
        }

        // The lost ones first: they are what a person should see.
        var shown = view.Workers.OrderBy(worker => worker.State == "connected").ThenBy(worker => worker.WorkerId, StringComparer.Ordinal).ToList();
        int most = shown.Count > MostWorkers ? MostWorkers - 1 : MostWorkers;
        foreach (var worker in shown.Take(most))
        {
            string color = worker.State == "connected" ? "default" : "yellow";
            table.AddRow(
                Markup.Escape(Shorten(worker.WorkerId, 30)),
                $"{worker.Slots}",
                $"{worker.Problems}",
                Words.Count(worker.InnerStepsPerSecond),
                Words.Count(worker.Samples),
                $"[{color}]{Markup.Escape(worker.State)}[/]");
        }

        if (shown.Count > most) table.AddRow($"[grey]and {shown.Count - most} more[/]", $"{shown.Skip(most).Sum(worker => worker.Slots)}");
        return table;
    }

    private string Bar(double share, int width, string color)
    {
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        char on = unicode ? '━' : '#', off = unicode ? '━' : '-';
        return $"[{color}]{new string(on, full)}[/][grey]{new string(off, width - full)}[/]";
    }

    private static Markup Line(string markup, bool wrap = false) => new(markup) { Overflow = wrap ? Overflow.Fold : Overflow.Ellipsis };

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
