using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>A figure of outer-trained θ. Several show the same trainings, which are done once.</summary>
internal abstract class TrainedFigure : PaperFigure
{
    /// <summary>Passes of an inner-step whose loss is measured on both splits.</summary>
    private const double Passes = 3;

    public override double SecondsPerInnerStep(FigureSizes sizes) => sizes.Trained.SecondsPerInnerStep;

    /// <summary>Inner-steps of the learned optimizers for both losses.</summary>
    protected static double OfObjectives(FigureSizes sizes) => TrainedStudies.OfObjectives(sizes, null).InnerSteps;

    /// <summary>Inner-steps of a comparison of θ with baselines of 11 learning rates each, and with others of one setting.</summary>
    protected static double OfComparison(FigureSizes sizes, int tasks, int others, double factor = 1) =>
        Passes * tasks * Horizon(sizes) * factor * ((Baseline.Standard.Length * Baseline.LearningRates.Length) + 1 + others);

    /// <summary>Inner-steps of θ alone.</summary>
    protected static double OfTheta(FigureSizes sizes, int tasks, double factor = 1) => Passes * tasks * Horizon(sizes) * factor;

    /// <summary>Inner-steps of the random search over Adam's hyper-parameters, for one loss.</summary>
    protected static double OfSearch(FigureSizes sizes) =>
        Passes * sizes.Trained.Configurations * sizes.Trained.SearchTasks * Horizon(sizes);

    private static double Horizon(FigureSizes sizes) => TrainedStudies.OfObjectives(sizes, null).Base.InnerSteps;
}
