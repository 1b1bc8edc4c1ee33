using LoptCluster.Cli.Reproduction;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Tests.Reproduction;

/// <summary>Answers for every run of a study with the one run of its kind that was trained: figures do not ask which it was.</summary>
internal sealed class OneRunTrainer(FigureTraining learned, FigureTraining searched) : IFigureTrainer
{
    /// <summary>The studies that were asked for, in the order of the first question.</summary>
    public List<FigureStudy> Asked { get; } = [];

    public IReadOnlyList<FigureTraining> Train(FigureStudy study, CancellationToken cancellation)
    {
        if (Asked.TrueForAll(asked => asked.Name != study.Name)) Asked.Add(study);
        var folder = (study.Base.Mode == RunMode.Search ? searched : learned).Folder;
        return
        [
            .. from one in study.Cases
               from seed in Enumerable.Range(1, study.Seeds)
               let specification = SpecificationKeys.Set(study.Base, [.. one.Assignments, $"seed={seed}"])
               select new FigureTraining(one.Name, specification, folder, IsKept: false),
        ];
    }
}
