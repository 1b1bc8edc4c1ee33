using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class UpdateFigureTableTests
{
    [Fact]
    public void All_NamesAreUniqueAndDescribed()
    {
        Assert.Equal(UpdateFigureTable.All.Count, UpdateFigureTable.All.Select(f => f.Name).Distinct().Count());
        Assert.All(UpdateFigureTable.All, f =>
        {
            Assert.Matches("^[a-z0-9_.]+$", f.Name);
            Assert.EndsWith(".", f.Description, StringComparison.Ordinal);
            Assert.NotEqual("", f.Title);
        });
    }

    /// <summary>Dashboards, alerts and people's own queries rely on these.</summary>
    [Fact]
    public void All_InstrumentsAndTags_KeepTheirNames()
    {
        Assert.Subset(
            UpdateFigureTable.All.Select(f => f.Gauge?.Instrument).OfType<string>().ToHashSet(),
            new HashSet<string>
            {
                "lopt.outer_loss", "lopt.outer_learning_rate", "lopt.truncation.steps", "lopt.weight_es", "lopt.variance.rp",
                "lopt.variance.es", "lopt.gradient.norm", "lopt.gradient.clipped_fraction", "lopt.rp_share", "lopt.rp_invalid_fraction",
            });
        Assert.Subset(
            UpdateFigureTable.All.Select(f => f.TensorBoardTag).OfType<string>().ToHashSet(),
            new HashSet<string>
            {
                "outer_loss", "truncation_steps", "estimator/weight_es", "estimator/variance_rp", "estimator/variance_es",
                "estimator/gradient_norm", "estimator/rp_invalid_fraction", "estimator/rp_share", "sample_age_updates",
            });
    }

    [Fact]
    public void All_SeriesOfAnInstrument_DifferByTheirLabels()
    {
        foreach (var gauge in UpdateFigureTable.All.Select(f => f.Gauge).OfType<FigureGauge>().GroupBy(g => g.Instrument))
        {
            Assert.Equal(gauge.Count(), gauge.Select(g => g.Label).Distinct().Count());
            Assert.Single(gauge.Select(g => (g.Tag, g.Description)).Distinct());
        }
    }

    [Fact]
    public void Of_NewEstimator_HasItsFigures()
    {
        var pes = new EstimatorId("pes");
        string[] names = [.. UpdateFigureTable.Of([pes]).Select(f => f.Name)];
        Assert.Subset(names.ToHashSet(), new HashSet<string> { "variance_pes", "weight_pes", "gradient_norm_pes" });
        Assert.Equal("lopt.variance.pes", UpdateFigureTable.Variance[pes].Gauge!.Instrument);
    }

    [Fact]
    public void Find_HyperParameterOfAnyFamily_IsItsFigure()
    {
        var layout = OptimizerFamilies.AdamRegDecay.Theta;
        Assert.Equal("hyper_linear_decay", HyperParameterFigure.Of(layout.HyperParameters[4]).Name);
        Assert.All(
            OptimizerFamilies.Trainable.SelectMany(f => f.Theta.HyperParameters),
            h => Assert.Same(HyperParameterFigure.Of(h), UpdateFigureTable.Find(HyperParameterFigure.Of(h).Name)));
        Assert.Equal(
            layout.HyperParameters.Select(h => h.Name), UpdateFigureTable.Of([], layout.HyperParameters).TakeLast(8).Select(f => f.Title));
    }

    [Fact]
    public void Find_NameOfAnotherVersion_IsNull() => Assert.Null(UpdateFigureTable.Find("a_figure_of_tomorrow"));

    [Fact]
    public void Recorded_LeavesOutWhatIsAGaugeOnly()
    {
        var values = new Dictionary<string, double> { ["outer_loss"] = 1, ["variance_rp_q0.9"] = 2, ["a_figure_of_tomorrow"] = 3 };
        var figures = new UpdateFigures(1, values);
        Assert.Equal(["a_figure_of_tomorrow", "outer_loss"], figures.Recorded().Values.Keys.Order());
    }
}
