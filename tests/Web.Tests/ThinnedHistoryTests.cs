using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Web;
using Xunit;

namespace LoptCluster.Web.Tests;

public sealed class ThinnedHistoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void View_AnyLength_IsBoundedAndKeepsEnds(int updates)
    {
        var sut = new ThinnedHistory(mostPoints: 8);
        for (int i = 1; i <= updates; i++) sut.Add(Entry(i));

        var view = sut.View(0);

        Assert.InRange(view.Update.Length, Math.Min(updates, 4), 8);
        if (updates == 0) return;
        Assert.Equal(updates, view.Update[^1]);
        Assert.Equal(updates, view.OuterLossHigh.Max());
        Assert.Equal(1, view.OuterLossLow.Min());
        // The mean of means, each weighted by what it covers, is the mean of all.
        double weighted = view.OuterLoss.Select((loss, i) => loss * (view.Update[i] - (i == 0 ? 0 : view.Update[i - 1]))).Sum();
        Assert.Equal((updates + 1) / 2.0, weighted / updates, 1e-6 * updates);
        Assert.Equal(updates, view.RpInvalid.Sum());
    }

    /// <summary>What a page puts together from the pieces that it is sent is what it would be sent at once.</summary>
    [Fact]
    public void View_FromSettledOn_CompletesWhatWasSeen()
    {
        var sut = new ThinnedHistory(mostPoints: 8);
        List<long> seen = [];
        int stride = 0, settled = 0;
        for (int i = 1; i <= 500; i++)
        {
            sut.Add(Entry(i));
            if (i % 3 != 0) continue;
            var piece = sut.View(sut.Stride == stride ? settled : 0);
            seen.RemoveRange(piece.From, seen.Count - piece.From);
            seen.AddRange(piece.Update);
            (stride, settled) = (sut.Stride, sut.Settled);
            Assert.Equal(sut.View(0).Update, seen);
        }
    }

    [Fact]
    public void View_VarianceBeyondAllBounds_IsNone()
    {
        var sut = new ThinnedHistory();
        sut.Add(Entry(1) with { VarianceRp = double.MaxValue, VarianceEs = 1e-4 });

        var view = sut.View(0);

        Assert.True(double.IsNaN(view.VarianceRp[0]));
        Assert.Equal(1e-4, view.VarianceEs[0], 1e-12);
    }

    [Fact]
    public void View_ShareWithRp_IsOfAllSamplesThatAPointCovers()
    {
        var sut = new ThinnedHistory(mostPoints: 1);
        sut.Add(Entry(1) with { RpComputed = 64 });
        Assert.Equal(1, sut.View(0).RpShare[0]);
        sut.Add(Entry(2) with { RpComputed = 16, Samples = 96 });

        Assert.Equal(0.5, Assert.Single(sut.View(0).RpShare));
    }

    private static HistoryEntry Entry(int update) => new(update, update * 0.5, update, 10, 0.5, 1, 1, 1, 0, 1, RpComputed: 16, Samples: 64);
}
