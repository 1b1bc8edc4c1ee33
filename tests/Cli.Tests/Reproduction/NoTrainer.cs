using LoptCluster.Cli.Reproduction;

namespace LoptCluster.Cli.Tests.Reproduction;

/// <summary>For figures that train nothing.</summary>
internal sealed class NoTrainer : IFigureTrainer
{
    public IReadOnlyList<FigureTraining> Train(FigureStudy study, CancellationToken cancellation) =>
        throw new NotSupportedException($"The study '{study.Name}' was asked for.");
}
