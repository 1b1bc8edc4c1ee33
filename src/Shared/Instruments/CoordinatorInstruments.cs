namespace LoptCluster.Shared.Instruments;

/// <summary>Names of the coordinator's instruments and their tags; dashboards depend on them.</summary>
public static class CoordinatorInstruments
{
    /// <summary>Counter by <see cref="OutcomeTag"/>.</summary>
    public const string Samples = "lopt.samples";

    /// <summary>Counter by <see cref="ReasonTag"/>.</summary>
    public const string Refusals = "lopt.refusals";

    public const string WorkersLost = "lopt.workers.lost";
    public const string InnerSteps = "lopt.inner_steps";
    public const string SampleAge = "lopt.sample.age";
    public const string SampleDuration = "lopt.sample.duration";
    public const string OuterUpdate = "lopt.outer_update";
    public const string QueueDepth = "lopt.queue.depth";

    /// <summary>Gauge by <see cref="StateTag"/>.</summary>
    public const string Workers = "lopt.workers";

    public const string OuterLoss = "lopt.outer_loss";
    public const string TruncationSteps = "lopt.truncation.steps";

    /// <summary>Gauge by <see cref="QuantileTag"/>; so are the variances.</summary>
    public const string WeightEs = "lopt.weight_es";

    public const string VarianceRp = "lopt.variance.rp";
    public const string VarianceEs = "lopt.variance.es";

    /// <summary>Gauge by <see cref="EstimatorTag"/>.</summary>
    public const string GradientNorm = "lopt.gradient.norm";

    /// <summary>Gauge by <see cref="SplitTag"/> and <see cref="OptimizerTag"/>.</summary>
    public const string EvaluationLoss = "lopt.evaluation.loss";

    public const string OutcomeTag = "outcome";
    public const string ReasonTag = "reason";
    public const string StateTag = "state";
    public const string QuantileTag = "quantile";
    public const string EstimatorTag = "estimator";
    public const string SplitTag = "split";
    public const string OptimizerTag = "optimizer";
}
