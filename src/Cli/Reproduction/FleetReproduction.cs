using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Run;

namespace LoptCluster.Cli.Reproduction;

/// <summary><c>lopt reproduce --fleet</c>: the trainings of figures as studies that a fleet trains.</summary>
internal static class FleetReproduction
{
    /// <summary>Writes the study files, and prints the commands that train them and then make the figures.</summary>
    /// <param name="environment">Where it is printed.</param>
    /// <param name="figures">The figures.</param>
    /// <param name="name">What the user called them.</param>
    /// <param name="request">How they are to be made.</param>
    /// <param name="cancellation">Stops between two studies.</param>
    /// <returns>The studies that are not trained yet: name, file, folder, runs, how many of these are trained, and command.</returns>
    public static JsonArray Write(
        CliEnvironment environment, IEnumerable<PaperFigure> figures, string name, ReproductionRequest request,
        CancellationToken cancellation)
    {
        var trainer = new StudyFigureTrainer(environment, FigureFiles.Studies(request.Folder), request.Data);
        var untrained = new JsonArray();
        foreach (var study in Studies(figures, request))
        {
            var (file, written) = trainer.WriteAsync(study, keepsMore: true, cancellation).GetAwaiter().GetResult();
            int trained = written.Entries.Count(e => RecordedRun.Find(e.Folder.Path) is { IsTrained: true });
            if (trained == written.Entries.Count) continue;
            untrained.Add(new JsonObject
            {
                ["study"] = study.Name,
                ["file"] = file,
                ["folder"] = written.Folder,
                ["runs"] = written.Entries.Count,
                ["trained"] = trained,
                ["command"] = $"lopt coordinator --study {ShellWord.Of(file)} --run {ShellWord.Of(written.Folder)} --exit-when-finished",
            });
        }

        string folder = request.Folder == ReproduceCommand.DefaultFolder ? "" : $" -o {ShellWord.Of(request.Folder)}";
        string make = $"  {request.Command(name)}{folder}";
        if (untrained.Count == 0)
        {
            environment.WriteText("Nothing is left to train on a fleet. This makes the figures here:");
            environment.WriteText(make, 4);
            return untrained;
        }

        environment.WriteText(
            $"Train on a fleet, one command after the other, with any number of 'lopt worker --coordinator ADDRESS"
                + $"{(request.Data is null ? "" : " --data DIR")}'. For workers on other machines add --listen 0.0.0.0:5317 and a "
                + "certificate and tokens, or --insecure on a trusted network (lopt coordinator --help).");
        foreach (var study in untrained)
        {
            environment.WriteText($"  {study!["command"]}", 4);
            string runs = DisplayFormat.Plural((int)study["runs"]!, "run");
            environment.WriteText($"    {study["study"]}: {runs}, {study["trained"]} trained", 4);
        }

        environment.WriteText("Then this makes the figures of what is trained, and trains here what is not:");
        environment.WriteText(make, 4);
        return untrained;
    }

    /// <summary>The studies of figures, each once; of two that share their runs the one that has more.</summary>
    private static IEnumerable<FigureStudy> Studies(IEnumerable<PaperFigure> figures, ReproductionRequest request) =>
        from figure in figures
        from study in figure.Studies(request.Sizes, request.Data)
        group study by study.Name into same
        select same.MaxBy(s => s.Cases.Length);
}
