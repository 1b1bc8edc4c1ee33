using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Web;
using LoptCluster.Engine.OuterTraining;
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
        Assert.Equal(updates, view.Figures["outer_loss.high"].Max());
        Assert.Equal(1, view.Figures["outer_loss.low"].Min());
        // The mean of means, each weighted by what it covers, is the mean of all.
        double weighted = view.Figures["outer_loss"].Select((loss, i) => loss * (view.Update[i] - (i == 0 ? 0 : view.Update[i - 1]))).Sum();
        Assert.Equal((updates + 1) / 2.0, weighted / updates, 1e-6 * updates);
        Assert.Equal(updates, view.Figures["rp_invalid"].Sum());
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
        sut.Add(Entry(1, ("variance_rp", double.PositiveInfinity), ("variance_es", 1e-4)));

        var view = sut.View(0);

        Assert.True(double.IsNaN(view.Figures["variance_rp"][0]));
        Assert.Equal(1e-4, view.Figures["variance_es"][0], 1e-12);
    }

    [Fact]
    public void View_PointOfTwoUpdates_AveragesEachFigureAsItsKindAsks()
    {
        var sut = new ThinnedHistory(mostPoints: 1);
        sut.Add(Entry(1, ("variance_es", 1e-4), ("rp_share", 1), ("rp_invalid", 2)));
        sut.Add(Entry(2, ("variance_es", 1e-8), ("rp_share", 0.5), ("rp_invalid", 3)));

        var figures = sut.View(0).Figures;

        Assert.Equal(1e-6, Assert.Single(figures["variance_es"]), 1e-15);
        Assert.Equal(0.75, Assert.Single(figures["rp_share"]));
        Assert.Equal(5, Assert.Single(figures["rp_invalid"]));
    }

    [Fact]
    public void View_FigureThatSomeUpdatesLack_IsOfThoseThatHaveIt()
    {
        var sut = new ThinnedHistory(mostPoints: 2);
        foreach (var entry in (HistoryEntry[])[Entry(1), Entry(2), Entry(3), Entry(4, ("a_figure_of_tomorrow", -3))]) sut.Add(entry);

        Assert.Equal([double.NaN, -3], sut.View(0).Figures["a_figure_of_tomorrow"]);
        Assert.DoesNotContain("a_figure_of_tomorrow.low", sut.View(0).Figures.Keys);
    }

    private static HistoryEntry Entry(int update, params (string Name, double Value)[] figures)
    {
        var values = new Dictionary<string, double> { ["outer_loss"] = update, ["rp_invalid"] = 1 };
        foreach (var (name, value) in figures) values[name] = value;
        return new HistoryEntry(update * 0.5, new UpdateFigures(update, values));
    }
}
