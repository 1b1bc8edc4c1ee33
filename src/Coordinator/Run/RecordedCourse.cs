using System.Collections.Immutable;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Run;

/// <summary>The course of a run's training, update by update, for programs that do not open the run.</summary>
/// <param name="Evaluations">Evaluations of θ and of tuned Adam, in the order that they came in.</param>
/// <param name="Updates">Figures of every outer-update, in order.</param>
public sealed record RecordedCourse(ImmutableArray<RecordedEvaluation> Evaluations, ImmutableArray<UpdateFigures> Updates)
{
    /// <summary>The course of a folder's run, which must be there.</summary>
    public static RecordedCourse Read(string runDirectory)
    {
        var reader = new RunReader(runDirectory);
        return new RecordedCourse(
            [.. from e in reader.Evaluations()
                where !e.IsAverage
                select new RecordedEvaluation(e.ThetaVersion, e.Split, e.MeanLoss, e.FinalLoss)],
            [.. reader.History(0).Select(entry => entry.Figures)]);
    }
}
