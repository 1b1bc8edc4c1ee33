namespace LoptCluster.Cli.Reproduction;

/// <summary>Trains the studies of figures.</summary>
internal interface IFigureTrainer
{
    /// <summary>All runs of a study, in its order; those that are finished are not trained again.</summary>
    /// <exception cref="Shared.UserErrorException">A run failed.</exception>
    IReadOnlyList<FigureTraining> Train(FigureStudy study, CancellationToken cancellation);
}
