using LoptCluster.Cli.Screen;
using LoptCluster.Protocol.V1;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Screen;

public sealed class PlainLinesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _output = new();

    [Fact]
    public void Show_ManyViewsInAMoment_WritesOneLine()
    {
        var lines = CreateSut();
        for (int i = 0; i < 10; i++) lines.Show(ScreenRuns.Running(i));

        Assert.Single(Written());
    }

    [Fact]
    public void Show_AfterTheInterval_WritesTheNext()
    {
        var lines = CreateSut();
        lines.Show(ScreenRuns.Running(1));
        _time.Advance(PlainLines.Interval);
        lines.Show(ScreenRuns.Running(2));

        Assert.Equal(["update 1/1,500", "update 2/1,500"], Written().Select(line => line.Split(" ·")[0]));
    }

    [Fact]
    public void Show_Comparison_SaysHowManyTasksAreDone()
    {
        CreateSut().Show(ScreenRuns.Comparing);
        Assert.Equal(["task 37/100 · 1,300 of 3,400 trainings · 1:12 · 1:05 left · 1 worker"], Written());
    }

    [Fact]
    public void Show_Last_IsWrittenAtOnce()
    {
        var lines = CreateSut();
        lines.Show(ScreenRuns.Running(1));
        lines.Show(ScreenRuns.Running(1500), last: true);

        Assert.Equal(2, Written().Length);
    }

    [Fact]
    public void Show_SomethingOdd_IsSaidAtOnceAndOnce()
    {
        var lines = CreateSut();
        lines.Show(ScreenRuns.Running(1));
        for (int i = 0; i < 5; i++)
            lines.Show(ScreenRuns.Running(2) with
            {
                Notices = [new RunNotice("workers_lost", NoticeSeverity.Warning,
                $"a worker is lost for {i} s")]
            });

        Assert.Equal("  note: a worker is lost for 0 s", Assert.Single(Written(), line => line.Contains("note")));
    }

    [Fact]
    public void Line_Running_SaysWhereItStands() => Assert.Equal(
        "update 830/1,500 · 1:12 · 1:05 left · k 118 · outer-loss 1.213 · ES weight 0.183 · g_rp of 27 % · 612 samples/s · 1 worker · "
            + "held-out 1.106 (tuned Adam 1.220)",
        PlainLines.Line(ScreenRuns.Running()));

    [Fact]
    public void Line_RunWithAnAverage_ShowsItBesideTheta() => Assert.EndsWith(
        "held-out 1.106, average of θ 1.098 (tuned Adam 1.220)",
        PlainLines.Line(ScreenRuns.Running() with { AverageOuterTest = 1.098 }), StringComparison.Ordinal);

    private PlainLines CreateSut() => new(_output.WriteLine, _time);

    private string[] Written() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
