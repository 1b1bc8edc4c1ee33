using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Web.Tests;

/// <summary>report.html in a real browser.</summary>
public sealed class ReportTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    /// <summary>The longest words of a cell in the place of all of its column.</summary>
    private const string LongestCells = """
        () => document.querySelectorAll('.comparison td:nth-last-child(-n+2)').forEach(cell => {
          if (cell.textContent) cell.textContent = 'over 999 % higher';
        })
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_AtTheWidthOfALaptop_CutsNoTableOff()
    {
        using (var lopt = LoptProcess.Start(
            "evaluate", "theta:mixture-train", "--set", "comparisonTasks=2", "--set", "innerSteps=20", "--against", "published", "-o",
            _folder.Path))
        {
            Assert.Equal(0, await lopt.ExitAsync());
        }

        await using var visitor = await chromium.VisitAsync(new Uri(_folder.PathOf("report.html")).AbsoluteUri, width: 1200);
        await visitor.Page.EvaluateAsync(LongestCells);

        Assert.Equal(
            0,
            await visitor.EvaluateAsync<int>(
                "[...document.querySelectorAll('.scroll')].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth).length"));
    }
}
