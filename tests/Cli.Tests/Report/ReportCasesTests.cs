using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoptCluster.Cli.Report;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cli.Tests.Report;

/// <summary>Runs that went badly have a report too: it is what their user looks at.</summary>
public sealed partial class ReportCasesTests
{
    public static TheoryData<string> Cases => ["rp alone", "es alone", "diverged", "nothing finite", "one update"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compose_AnyRun_IsDrawnInFiniteCoordinates(string run)
    {
        string html = ReportWriter.Compose(Create(run));
        foreach (Match plot in Svg().Matches(html))
        {
            _ = XDocument.Parse(plot.Value);
            // As words of their own: a title may say infinity, a coordinate may not.
            Assert.DoesNotMatch("NaN|Infinity|∞", plot.Value);
            foreach (Match number in Coordinate().Matches(plot.Value))
                Assert.InRange(double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture), -1e5, 1e5);
        }

        Assert.DoesNotContain("NaN", html);
    }

    internal static ReportData Create(string run)
    {
        var sample = SampleReport.Create(updates: run == "one update" ? 1 : 60);
        var training = sample.Training!;
        return sample with { Training = training with { History = [.. training.History.Select(row => Changed(row.Clone(), run))] } };
    }

    private static HistoryRow Changed(HistoryRow row, string run)
    {
        bool late = row.OuterUpdate > 30;
        switch (run)
        {
            case "rp alone":
                (row.Figures["weight_es"], row.Figures["variance_es"]) = (0, 0);
                break;
            case "es alone":
                row.Figures["weight_es"] = 1;
                row.Figures.Remove("variance_rp");
                break;
            case "diverged":
                if (late) (row.Figures["outer_loss"], row.Figures["variance_rp"]) = (10, double.PositiveInfinity);
                break;
            case "nothing finite":
                row.Figures.Clear();
                break;
        }

        return row;
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [GeneratedRegex("(?<=(points|d|x|y|cx|cy|x1|x2|y1|y2)=\"[^\"]*?)-?[0-9.]+(e[+-]?[0-9]+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Coordinate();
}
