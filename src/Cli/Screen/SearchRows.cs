using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Screen;

/// <summary>The numbers of a random search on the screen: the best configuration so far, and how it does.</summary>
internal static class SearchRows
{
    private const int PerLine = 3;

    public static IEnumerable<ScreenLine> Of(ScreenRun view, RunScreen screen)
    {
        yield return screen.Row("best", view.BestVersion is { } best ? $"no. {DisplayFormat.Count(best)}" : DisplayFormat.Unknown)
            .Add(view.BestVersion is null ? "no configuration is evaluated yet" : "lowest mean loss on the outer-train tasks");
        yield return screen.Evaluation("outer-train", view.EvaluationOuterTrain, view.BaselineOuterTrain);
        yield return screen.Evaluation("held-out", view.EvaluationOuterTest, view.BaselineOuterTest);
        var values = HyperParameterFigure.All
            .Where(figure => view[figure] is not null)
            .Select(figure => $"{figure.Title} {DisplayFormat.Number(view[figure])}")
            .Chunk(PerLine);
        string name = "values";
        foreach (string[] line in values)
        {
            yield return screen.Row(name, "").Add(string.Join(" · ", line));
            name = "";
        }
    }
}
