using LoptCluster.Coordinator.Web;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Web.Tests;

public sealed class WorkerQueryTests
{
    private static readonly List<WorkerStatus> Fleet =
    [
        .. Enumerable.Range(0, 10_000).Select(i => new WorkerStatus
        {
            WorkerId = $"w{i:00000}",
            Host = $"host-{i % 100}",
            State = i % 1000 == 999 ? "lost" : i % 10 == 0 ? "evaluating" : "unrolling",
            Samples = i * 7 % 10_000,
        }),
    ];

    [Fact]
    public void Select_OfTenThousand_IsAPageWithTheLostFirst()
    {
        var page = new WorkerQuery("", "", "", false, 5, 25).Select(Fleet);

        Assert.Equal((10_000, 5, 25), (page.Matching, page.Offset, page.Workers.Count));
        Assert.Equal("w05999", page.Workers[0].Id);
        Assert.Equal([.. Enumerable.Repeat("lost", 5), "evaluating"], page.Workers.Take(6).Select(w => w.State));
    }

    [Fact]
    public void Select_SearchAndState_AreBothAskedFor()
    {
        var page = new WorkerQuery("HOST-99", "lost", "", false, 0, 25).Select(Fleet);

        Assert.Equal(10, page.Matching);
        Assert.All(page.Workers, w => Assert.Equal(("lost", "host-99"), (w.State, w.Host)));
        Assert.Equal(["w00042"], new WorkerQuery("w00042", "", "", false, 0, 25).Select(Fleet).Workers.Select(w => w.Id));
        Assert.Equal(0, new WorkerQuery("none", "", "", false, 0, 25).Select(Fleet).Matching);
    }

    [Theory]
    [InlineData(true, 9999)]
    [InlineData(false, 0)]
    public void Select_BySamples_IsInThatOrder(bool descending, int first)
    {
        var page = new WorkerQuery("", "", "samples", descending, 0, 3).Select(Fleet);

        Assert.Equal(descending ? [first, first - 1, first - 2] : [first, first + 1, first + 2], page.Workers.Select(w => (int)w.Samples));
    }

    [Fact]
    public void StatusView_OfTenThousand_CountsThemAndStaysSmall()
    {
        var status = new Status();
        status.Workers.AddRange(Fleet);

        var view = StatusView.Of(status, DateTimeOffset.UnixEpoch);

        Assert.Equal((10, 1000, 8990), (view.Workers["lost"], view.Workers["evaluating"], view.Workers["unrolling"]));
        Assert.InRange(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(view, PageJson.Default.StatusView).Length, 100, 2000);
    }
}
