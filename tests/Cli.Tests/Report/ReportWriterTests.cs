using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Cli.Tests.Report;

public sealed partial class ReportWriterTests
{
    [Fact]
    public void Compose_NeedsNothingFromElsewhere()
    {
        string html = ReportWriter.Compose(SampleReport.Create());
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<link", html);
        Assert.DoesNotMatch(ForeignReference(), html);
    }

    [Fact]
    public void Compose_EveryPlot_IsWellFormedAndDrawsLinesInThePagesColour()
    {
        var plots = Svg().Matches(ReportWriter.Compose(SampleReport.Create()));
        Assert.Equal(11, plots.Count);
        foreach (Match plot in plots)
        {
            var svg = XDocument.Parse(plot.Value);
            Assert.True(svg.Descendants().Count() > 10);
            Assert.Contains("currentColor", plot.Value);
            Assert.DoesNotContain("NaN", plot.Value);
        }
    }

    [Fact]
    public void Compose_TextFromOutside_IsEscaped()
    {
        string html = ReportWriter.Compose(SampleReport.Create());
        Assert.DoesNotContain("a<b>", html);
        Assert.Contains("a&lt;b&gt;", html);
    }

    [Fact]
    public void Compose_MlpTheta_NamesItsTensors()
    {
        string html = ReportWriter.Compose(SampleReport.Create());
        Assert.Contains("<td>W1</td><td>16 &#215; 32</td><td>512</td>", html);
        Assert.Contains("<td>b2</td><td>2</td><td>2</td>", html);
    }

    [Fact]
    public void Compose_ThetaOfHyperParameters_NamesThemWithTheirValues()
    {
        var data = SampleReport.Create();
        float[] theta = OptimizerFamilies.Adam.Theta.Point(("learningRate", 0.02), ("beta2", 0.99));
        string html = ReportWriter.Compose(
            data with { Specification = data.Specification with { Optimizer = OptimizerKind.Adam }, Theta = new ThetaSnapshot(3, theta) });
        Assert.Contains("<td>learningRate</td><td>0.02</td><td>0.001</td><td>ln x</td>", html);
        Assert.Contains("<td>beta2</td><td>0.99</td><td>0.999</td><td>ln(1 - x)</td>", html);
        Assert.Contains("learningRate over outer-training, from its initial value 0.001.", html);
        Assert.Contains("epsilon over outer-training, from its initial value 1E-08.", html);
        Assert.Equal(4, Svg().Count(html) - Svg().Count(ReportWriter.Compose(data)));
    }

    /// <summary>Mean losses are 0.8, 0.8, 0.8, 1.5 against 1; final ones 0.25 against 0.5.</summary>
    [Fact]
    public void Compose_Comparison_ShowsMeanAndFinalLossOfAllTasksAndOfEachKind()
    {
        var data = SampleReport.Create();
        var learned = data.Comparison.Learned;
        string html = ReportWriter.Compose(data with
        {
            Comparison = data.Comparison with
            {
                Learned = learned with { Losses = [.. learned.Losses.Select(l => l with { ValidFinal = 0.25 })] },
                Kinds = ["one", "one", "two", "two"],
            },
        });

        string[] rows = [.. AdamRow().Matches(html).Select(m => m.Groups[1].Value)];
        Assert.Equal(
            [
                "<td>75 %</td><td>100 %</td><td>20.0 % lower</td><td>50.0 % lower</td>",
                "<td>100 %</td><td>100 %</td><td>20.0 % lower</td><td>50.0 % lower</td>",
                "<td>50 %</td><td>100 %</td><td>15.0 % higher</td><td>50.0 % lower</td>",
            ],
            rows);
    }

    [Theory]
    [InlineData(0.8, "<b>20 %</b><span>lower mean loss than tuned Adam, median task</span>", "on the median task it is 20.0 % lower.")]
    [InlineData(1.66, "<b>66 %</b><span>higher mean loss than tuned Adam, median task</span>", "on the median task it is 66.0 % higher.")]
    public void Compose_EitherOutcome_IsWordedWithoutASign(double loss, string tile, string finding)
    {
        var data = SampleReport.Create();
        var learned = data.Comparison.Learned with { Losses = [.. Enumerable.Repeat(new InnerTrainingLosses(1, 1, loss, 1), 4)] };
        string html = ReportWriter.Compose(data with { Comparison = data.Comparison with { Learned = learned } });
        Assert.Contains(tile, html);
        Assert.Contains(finding, html);
    }

    /// <summary>θ is the best by the mean on three of four tasks, and the last by the end.</summary>
    [Fact]
    public void Compose_Comparison_ShowsBothRankingsAccuraciesAndTimes()
    {
        var data = SampleReport.Create();
        var learned = data.Comparison.Learned;
        string html = ReportWriter.Compose(data with
        {
            Comparison = data.Comparison with
            {
                Learned = learned with { Losses = [.. learned.Losses.Select(l => l with { ValidFinal = 0.6 })] },
            },
        });
        Assert.Contains(
            "<tr><td>1</td><td class=\"name learned\">learned</td><td>1.000<i>1.000–1.500</i></td>"
            + "<td>1</td><td class=\"name\">Adam</td><td>1.000<i>1.000–1.000</i></td></tr>",
            html);
        Assert.Contains(
            "<tr><td>Adam<i>best of 11 settings per task</i></td><td>90.0 %</td><td>80.0 %</td><td>10.00</td><td>2.000</td><td>12.00</td>"
            + "<td>75 %</td><td>83 %</td><td>90 %</td></tr>",
            html);
        Assert.Contains("<tr><td>learned</td><td>90.0 %</td><td>80.0 %</td><td>10.00</td><td>3.000</td><td>13.00</td><td></td>", html);
    }

    [Fact]
    public void Compose_NothingMeasured_ShowsDashes()
    {
        var data = SampleReport.Create();
        string html = ReportWriter.Compose(data with
        {
            Comparison = data.Comparison with
            {
                Learned = data.Comparison.Learned with { StepTimes = [], ValidCurves = [] },
                Baselines = [.. data.Comparison.Baselines.Select(b => b with { StepTimes = [] })],
            },
        });
        Assert.Contains("<td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td></tr>", html);
        Assert.DoesNotContain("NaN", html);
    }

    [Fact]
    public void Compose_Kinds_HaveTheirRankings()
    {
        var data = SampleReport.Create();
        string html = ReportWriter.Compose(data with { Comparison = data.Comparison with { Kinds = ["a<b", "two", "two", "two"] } });
        Assert.Contains("<summary>a&lt;b, 1 held-out task</summary>", html);
        Assert.Contains("<summary>two, 3 held-out tasks</summary>", html);
    }

    [Fact]
    public void Compose_ElevenBaselines_HaveLinesThatDiffer()
    {
        var comparison = SampleReport.CreateWithElevenBaselines().Comparison;
        string legend = ComparisonPlots.Curves(comparison, OuterObjective.Valid).ToLegend();
        string[] keys = [.. LegendKey().Matches(legend).Select(m => m.Groups[1].Value)];
        Assert.Equal(12, keys.Length);
        Assert.Equal(12, keys.Distinct().Count());
        // Where colours are not seen, at most two lines have the same dashes.
        Assert.All(
            Enumerable.Range(0, 12).GroupBy(i => string.Join(' ', PlotStyle.OfBaseline(i).Dashes)), g => Assert.InRange(g.Count(), 1, 2));
    }

    [Fact]
    public void Compose_NoHistory_LeavesTheTrainingOut() =>
        Assert.DoesNotContain("Outer-training</h2>", ReportWriter.Compose(SampleReport.Create(updates: 0)));

    /// <summary>As after <c>lopt evaluate --output</c>.</summary>
    [Fact]
    public void Compose_NoTraining_ShowsTheComparisonAlone()
    {
        string html = ReportWriter.Compose(SampleReport.Create() with { Training = null });

        Assert.Equal(7, Svg().Matches(html).Count);
        Assert.DoesNotContain("Outer-training</h2>", html);
        Assert.DoesNotContain("<span>outer-updates</span>", html);
        Assert.DoesNotContain("<span>gradient samples</span>", html);
        Assert.DoesNotContain("NaN", html);
    }

    [Fact]
    public void Template_PlaceholderWithoutValue_IsRefused() =>
        Assert.Throws<KeyNotFoundException>(() => new HtmlTemplate("<p>{{a}} {{b}}</p>").WithText("a", "1").Render());

    [Fact]
    public void Findings_SayHowOftenThetaWon() => Assert.Contains("mostly beats Adam", Findings.InWords(SampleReport.Create()));

    /// <summary>θ's losses are 0.8, 0.8, 0.8 and 1.5; it is not Adam alone that it may beat or not.</summary>
    [Theory]
    [InlineData(1.0, "It mostly beats RMSProp · SGD + momentum.", "")]
    [InlineData(0.5, "It mostly beats SGD + momentum; it loses to RMSProp (0 % of the tasks, 60.0 % higher).", "RMSProp")]
    [InlineData(0.79, "It mostly beats SGD + momentum; it loses to RMSProp (0 % of the tasks, 1.3 % higher).", "RMSProp")]
    public void Compose_OptimizersButAdam_AreInFindingsAndTiles(double loss, string finding, string hardest)
    {
        var data = SampleReport.Create();
        data = data with { Comparison = WithLosses(data.Comparison, Baseline.RmsProp.Name, loss) };
        string html = ReportWriter.Compose(data);

        Assert.Contains(finding, Findings.InWords(data));
        if (hardest.Length > 0) Assert.Contains($"<b>0 %</b><span>won against {hardest}, the hardest to beat here</span>", html);
        else Assert.DoesNotContain("hardest to beat", html);
    }

    [Fact]
    public void Findings_ManyOptimizersOfOneRuleset_AreCountedIfThetaBeatsThemAll()
    {
        var data = SampleReport.CreateWithElevenBaselines();
        var worse = data.Comparison.Baselines.Aggregate(data.Comparison, (c, b) => WithLosses(c, b.Name, 2));

        Assert.Contains(
            "It beats all 10 optimizers with the best of several settings on each task.",
            Findings.InWords(data with { Comparison = worse }));
    }

    private static Comparison WithLosses(Comparison comparison, string name, double loss) => comparison with
    {
        Baselines =
        [
            .. comparison.Baselines.Select(b => b.Name != name
                ? b
                : b with { Losses = [.. b.Losses.Select(l => l with { TrainMean = loss, ValidMean = loss })] }),
        ],
    };

    [Fact]
    public void AdaptiveShare_IsInTheFindingsAndInThePlot()
    {
        var data = SampleReport.Create();
        Assert.DoesNotContain("g_rp was computed for", Findings.InWords(data));
        var adaptive = data with { Specification = data.Specification with { RpShare = RpSharePolicy.Adaptive } };

        Assert.EndsWith("g_rp was computed for 100 % of the samples at first and for 25 % at the end.", Findings.InWords(adaptive));
        Assert.Contains("share of samples with g_rp", TrainingPlots.Variances(adaptive.Specification, adaptive.Training!).ToLegend());
        Assert.DoesNotContain("share of samples with g_rp", TrainingPlots.Variances(data.Specification, data.Training!).ToLegend());
    }

    [GeneratedRegex("(src|href)\\s*=\\s*[\"'](?!#)|url\\((?!#)|@import")]
    private static partial Regex ForeignReference();

    /// <summary>What follows the losses in a row of Adam.</summary>
    [GeneratedRegex("<tr><td>Adam</td>.*</i></td>(.*)</tr>")]
    private static partial Regex AdamRow();

    [GeneratedRegex("<i style=\"background:([^\";]*);")]
    private static partial Regex LegendKey();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();
}
