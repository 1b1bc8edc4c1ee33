using System.Collections.Immutable;
using LoptCluster.Cli.Screen;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using Spectre.Console.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Screen;

public sealed class RunScreenTests
{
    private const int Width = 80;
    private const int Height = 24;

    [Fact]
    public void Render_RunningRun_ShowsWhatAPersonWantsToKnow()
    {
        string shown = Render(ScreenRuns.Running());

        Assert.Contains("830/1,500", shown);
        Assert.Contains("1:05 left", shown);
        Assert.Matches("k +118", shown);
        Assert.Matches("outer-loss +1.213", shown);
        Assert.Matches("ES weight +0.183 +0 ━+─+ 1 · g_rp of 27 %", shown);
        Assert.Contains("g_rp 1.2e-9 · g_es 0.0045", shown);
        Assert.Contains("612", shown);
        Assert.Contains("9.3 % lower than tuned Adam 1.220", shown);
        Assert.Matches("9.6 % lower than tuned Adam [0-9.]+ · best 800", shown);
        Assert.Contains("trainer-4711-a1b2", shown);
    }

    [Fact]
    public void Render_RunWithAnAverage_ShowsItBesideTheta()
    {
        Assert.DoesNotContain("average θ", Render(ScreenRuns.Running()));
        Assert.Matches(
            "average θ +1.098 +mean loss on held-out tasks · outer-train 1.087",
            Render(ScreenRuns.Running() with { AverageOuterTest = 1.098, AverageOuterTrain = 1.087 }));
    }

    [Fact]
    public void Render_Comparison_ShowsTasksAndTrainingsInsteadOfOuterUpdates()
    {
        string shown = Render(ScreenRuns.Comparing);

        Assert.Contains("37/100 tasks", shown);
        Assert.Matches("trainings +1,300 +of 3,400", shown);
        Assert.Contains("trainer-4711-a1b2", shown);
        Assert.DoesNotContain("outer-", shown);
        Assert.Equal(1300 / 3400.0, ScreenRuns.Comparing.Progress);
    }

    [Fact]
    public void Render_Anything_FitsTheSmallestTerminal()
    {
        var view = ScreenRuns.Running() with
        {
            OuterUpdate = 123_456,
            OuterUpdatesTotal = 999_999_999,
            TruncationSteps = 1_000_000,
            OuterLossAverage = 1.2345e-12,
            Figures = ScreenRuns.Figures(
            [
                .. UpdateFigureTable.All.Select(f => (f.Name, f.Kind == FigureKind.Share ? 1 : -1.234e65)),
            ]),
            SamplesPerSecond = 123_456,
            InnerStepsPerSecond = 1e9,
            SamplesAccepted = 1_234_567_890,
            SamplesRpInvalid = 1_234_567,
            AverageOuterTest = 1.2345e-12,
            AverageOuterTrain = 1.2345e-12,
            SamplesDuplicate = 123_456,
            SamplesStale = 12_345,
            SamplesRejected = ImmutableSortedDictionary<string, long>.Empty.Add("wrong-length", 3),
            Running = TimeSpan.FromDays(12.3),
            Left = TimeSpan.FromDays(123.4),
            EvaluationOuterTrain = 1e9,
            Workers = [.. Enumerable.Range(0, 130).Select(i => ScreenRuns.Worker(i, i == 77 ? "lost" : "connected"))],
            Notices = [new RunNotice("kind", NoticeSeverity.Problem, string.Join(' ', Enumerable.Repeat("something quite long", 7)))],
        };

        string[] lines = Render(view).Split('\n');

        Assert.True(lines.Length <= Height, $"{lines.Length} lines:\n{string.Join('\n', lines)}");
        Assert.All(lines, line => Assert.True(line.Length <= Width, $"{line.Length} wide: {line}"));
        Assert.Contains("lost", string.Join('\n', lines));
        Assert.Contains("and 127 more", string.Join('\n', lines));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Render_TerminalOfAnyWidth_NoLineWrapsAndWhatMattersIsThere(int columns)
    {
        var console = new TestConsole().Size(new(columns, Height));
        var notice = new RunNotice("kind", NoticeSeverity.Problem, string.Join(' ', Enumerable.Repeat("word", 18)));
        var view = ScreenRuns.Running() with { Notices = [notice] };
        var screen = new RunScreen(
            "train · runs/quickstart-20260101-120000", "Live page http://127.0.0.1:12345/ · Ctrl-C stops, --resume continues.",
            PresetCatalog.Load("quickstart"), columns: () => columns);

        console.Write(screen.Render(view));

        string[] lines = console.Output.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.True(line.Length < Math.Min(columns, Width), $"{line.Length} wide: {line}"));
        Assert.Contains(lines, line => line.Contains("9.3 % lower than tuned Adam", StringComparison.Ordinal));
        Assert.EndsWith("--resume continues.", string.Join(' ', lines[^2..].Select(line => line.TrimEnd())), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("830/1,500 outer-updates", StringComparison.Ordinal));
        Assert.Equal(18, lines.Sum(line => line.Split(' ').Count(word => word == "word")));
    }

    [Fact]
    public void Render_BeforeTheFirstUpdate_ShowsDashesNotZeros()
    {
        var status = new Status
        {
            State = RunState.WaitingForWorkers,
            OuterUpdatesTotal = 10,
            SecondsLeft = double.NaN,
            EvaluationOuterTest = double.NaN,
            EvaluationOuterTrain = double.NaN,
            BaselineOuterTest = double.NaN,
            BaselineOuterTrain = double.NaN,
            AverageOuterTest = double.NaN,
            AverageOuterTrain = double.NaN,
            BestVersion = -1,
        };
        status.Notices.Add(new Notice { Kind = "no_worker", Severity = NoticeSeverity.Information, Text = "No worker is connected." });

        string shown = Render(ScreenRun.From(status));

        Assert.Matches("outer-loss +–", shown);
        Assert.Contains("– left", shown);
        Assert.Contains("No worker is connected", shown);
        Assert.DoesNotContain("NaN", shown);
    }

    [Fact]
    public void Render_NameWithBrackets_IsShownAsItIs() =>
        Assert.Contains("we[ird]", Render(ScreenRuns.Running() with { Workers = [ScreenRuns.Worker(1) with { WorkerId = "we[ird]" }] }));

    [Fact]
    public void Render_NoUnicode_UsesPlainCharacters()
    {
        var console = new TestConsole().Size(new(Width, Height));
        var screen = new RunScreen("train", "", null, unicode: false);
        for (int i = 0; i < 10; i++) console.Write(screen.Render(ScreenRuns.Running(i, 10 - i)));

        Assert.DoesNotContain(console.Output, c => c is '━' or '▁' or '█');
        Assert.Contains("#*+", console.Output);
    }

    private static string Render(ScreenRun view)
    {
        var console = new TestConsole().Size(new(Width, Height));
        var screen = new RunScreen("train · runs/quickstart-20260101-120000", "Ctrl-C stops", PresetCatalog.Load("quickstart"));
        for (int i = 1; i <= 40; i++) screen.Render(ScreenRuns.Running(i, 2.3 - (0.02 * i)));
        console.Write(screen.Render(view));
        return console.Output.TrimEnd('\n');
    }
}
