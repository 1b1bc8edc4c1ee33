using System.Collections.Immutable;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>Every figure of an outer-update. A new scalar is one entry here: a property, and its place in <see cref="Scalars"/>.</summary>
public static class UpdateFigureTable
{
    private const string EstimatorTag = "estimator";
    private const string QuantileTag = "quantile";

    public static UpdateFigure OuterLoss { get; } = new()
    {
        Name = "outer_loss",
        Title = "Outer-loss",
        Description = "Mean of L over the last batch, nats.",
        Unit = "nats",
        Value = batch => batch.Samples.Average(s => s.MeanLoss),
        Gauge = new("lopt.outer_loss"),
        TensorBoardTag = "outer_loss",
        Summary = FigureSummary.FirstAndLast,
        HasRange = true,
    };

    public static UpdateFigure TruncationSteps { get; } = new()
    {
        Name = "truncation_steps",
        Title = "Truncation length k",
        Description = "Mean k of the last batch, inner-steps.",
        Unit = "inner-steps",
        Value = batch => batch.Samples.Average(s => s.Steps),
        Gauge = new("lopt.truncation.steps"),
        TensorBoardTag = "truncation_steps",
    };

    public static UpdateFigure GradientNorm { get; } = new()
    {
        Name = "gradient_norm",
        Title = "Norm of the merged gradient",
        Description = "Norm of the merged gradient before the clip.",
        Kind = FigureKind.Magnitude,
        Value = batch => VectorFigures.Norm(batch.Merged.Gradient),
        Gauge = NormGauge("merged"),
        TensorBoardTag = "estimator/gradient_norm",
    };

    public static UpdateFigure ClippedFraction { get; } = new()
    {
        Name = "clipped_fraction",
        Title = "Clipped share of θ",
        Description = "Share of θ whose gradient the clip cut in the last update.",
        Kind = FigureKind.Share,
        Value = batch =>
            batch.Options.GradientClip is > 0 and var clip ? batch.Merged.Gradient.Average(g => Math.Abs(g) > clip ? 1.0 : 0) : 0,
        Gauge = new("lopt.gradient.clipped_fraction"),
        TensorBoardTag = "estimator/clipped_fraction",
        Summary = FigureSummary.FirstAndLast,
        ScreenName = "clipped",
    };

    public static UpdateFigure GradientCosine { get; } = new()
    {
        Name = "gradient_cosine",
        Title = "Cosine between the estimators' means",
        Description = "Cosine of the angle between the last batch's mean gradients of the two estimators measured: 1 where they agree.",
        Value = batch =>
            batch.Merged.Estimators is [var a, var b] ? VectorFigures.Cosine(a.Statistics.Mean, b.Statistics.Mean) : double.NaN,
        Gauge = new("lopt.gradient.cosine"),
        TensorBoardTag = "estimator/gradient_cosine",
        Summary = FigureSummary.FirstAndLast,
        ScreenName = "cosine of the estimators",
    };

    public static UpdateFigure RpInvalid { get; } = new()
    {
        Name = "rp_invalid",
        Title = "Samples with a g_rp that is not finite",
        Description = "Samples of the last batch for which g_rp was computed and not finite.",
        Kind = FigureKind.Count,
        Unit = "samples",
        Value = batch => batch.RpInvalid,
    };

    public static UpdateFigure RpInvalidFraction { get; } = new()
    {
        Name = "rp_invalid_fraction",
        Title = "Share of g_rp not finite",
        Description = "Share of the last batch's g_rp that were not finite.",
        Kind = FigureKind.Share,
        Value = batch => batch.RpComputed > 0 ? (double)batch.RpInvalid / batch.RpComputed : 0,
        Gauge = new("lopt.rp_invalid_fraction"),
        TensorBoardTag = "estimator/rp_invalid_fraction",
    };

    public static UpdateFigure RpShare { get; } = new()
    {
        Name = "rp_share",
        Title = "Share of samples with g_rp",
        Description = "Share of the last batch's samples for which g_rp was computed.",
        Kind = FigureKind.Share,
        Value = batch => (double)batch.RpComputed / batch.Samples.Count,
        Gauge = new("lopt.rp_share"),
        TensorBoardTag = "estimator/rp_share",
        Summary = FigureSummary.FirstAndLast,
    };

    public static UpdateFigure SampleAge { get; } = new()
    {
        Name = "sample_age",
        Title = "Age of the samples",
        Description = "Mean age of the last batch's samples, outer-updates since their θ.",
        Unit = "outer-updates",
        Value = batch => batch.Samples.Average(s => (double)(batch.Theta.Version - s.ThetaVersion)),
        TensorBoardTag = "sample_age_updates",
    };

    public static UpdateFigure LearningRate { get; } = new()
    {
        Name = "learning_rate",
        Title = "Outer learning rate",
        Description = "Outer Adam's rate in the last update.",
        Value = batch => batch.Options.LearningRate(batch.Theta.Version),
        Gauge = new("lopt.outer_learning_rate"),
    };

    /// <summary>Weight of an estimator in the merged gradient, mean over θ.</summary>
    public static EstimatorFigure Weight { get; } = new(
        e => e.MeanWeight,
        (e, formula) => new()
        {
            Name = $"weight_{e}",
            Title = $"Weight of g_{e}",
            Description = $"Share of g_{e} in the last merge, mean over θ.",
            Kind = FigureKind.Share,
            Value = formula,
            TensorBoardTag = $"estimator/weight_{e}",
            Summary = FigureSummary.FirstAndLast,
        });

    /// <summary>Variance of one sample of an estimator, median over θ.</summary>
    public static EstimatorFigure Variance { get; } = new(
        e => e.Variance.Median,
        (e, formula) => new()
        {
            Name = $"variance_{e}",
            Title = $"Variance of g_{e}",
            Description = $"Variance of one sample of g_{e}, median over θ.",
            Kind = FigureKind.Magnitude,
            Value = formula,
            Gauge = VarianceGauge(e, "0.5"),
            TensorBoardTag = $"estimator/variance_{e}",
            Summary = FigureSummary.Maximum,
        });

    /// <summary>Norm of the batch's mean gradient of an estimator.</summary>
    public static EstimatorFigure EstimatorNorm { get; } = new(
        e => e.MeanNorm,
        (e, formula) => new()
        {
            Name = $"gradient_norm_{e}",
            Title = $"Norm of the mean of g_{e}",
            Description = $"Norm of the last batch's mean of g_{e}.",
            Kind = FigureKind.Magnitude,
            Value = formula,
            Gauge = NormGauge(e.Name),
            TensorBoardTag = $"estimator/gradient_norm_{e}",
        });

    private static readonly EstimatorFigure[] PerEstimator =
    [
        Weight, Variance, EstimatorNorm,
        Quantile("variance", "0.1", VarianceGauge, e => e.Variance.Low), Quantile("variance", "0.9", VarianceGauge, e => e.Variance.High),
        Quantile("weight", "0.1", WeightGauge, e => e.Weight.Low), Quantile("weight", "0.5", WeightGauge, e => e.Weight.Median),
        Quantile("weight", "0.9", WeightGauge, e => e.Weight.High),
    ];

    private static readonly UpdateFigure[] Scalars =
    [
        OuterLoss, TruncationSteps, GradientNorm, ClippedFraction, GradientCosine, RpInvalid, RpInvalidFraction, RpShare, SampleAge,
        LearningRate,
    ];

    /// <summary>The figures of every estimator that a run can choose, without those of hyper-parameters.</summary>
    public static IReadOnlyList<UpdateFigure> All { get; } = [.. Of(EstimatorRegistry.Computed)];

    private static Dictionary<string, UpdateFigure> Named { get; } = All.Concat(HyperParameterFigure.All).ToDictionary(f => f.Name);

    /// <summary>The figures of updates that measure these estimators and train these hyper-parameters.</summary>
    public static IEnumerable<UpdateFigure> Of(
        IEnumerable<EstimatorId> estimators, ImmutableArray<HyperParameter> hyperParameters = default) =>
    [
        .. Scalars,
        .. estimators.SelectMany(e => PerEstimator.Select(f => f[e])),
        .. hyperParameters.IsDefault ? [] : hyperParameters.Select(HyperParameterFigure.Of),
    ];

    /// <summary>The figure of a name; null for one of another version of the program.</summary>
    public static UpdateFigure? Find(string name) => Named.GetValueOrDefault(name);

    private static FigureGauge NormGauge(string label) =>
        new("lopt.gradient.norm", EstimatorTag, label, "Norm of the last batch's mean gradient; merged: before the clip.");

    private static FigureGauge VarianceGauge(EstimatorId e, string quantile) =>
        new($"lopt.variance.{e}", QuantileTag, quantile, $"Variance of one sample of g_{e}; quantiles over θ.");

    private static FigureGauge WeightGauge(EstimatorId e, string quantile) =>
        new($"lopt.weight_{e}", QuantileTag, quantile, $"Share of g_{e} in the last merge; quantiles over θ.");

    /// <summary>A quantile over θ that is a gauge only.</summary>
    private static EstimatorFigure Quantile(
        string of, string quantile, Func<EstimatorId, string, FigureGauge> gauge, Func<EstimatorFigures, double> value) => new(
        value,
        (e, formula) => new()
        {
            Name = $"{of}_{e}_q{quantile}",
            Title = $"Quantile {quantile} of the {of} of g_{e}",
            Description = $"Quantile {quantile} over θ of the {of} of g_{e}.",
            Value = formula,
            InHistory = false,
            Gauge = gauge(e, quantile),
        });
}
