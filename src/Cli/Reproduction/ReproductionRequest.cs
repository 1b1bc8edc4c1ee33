using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Reproduction;

/// <summary>What one call of the command asks for.</summary>
/// <param name="Scale">Scale of the experiments.</param>
/// <param name="Data">Folder of image files; null: procedural images.</param>
/// <param name="Folder">Folder of the files.</param>
/// <param name="Seeds">Number of seeds; null: the scale's.</param>
/// <param name="Synchronous">Whether θ is trained synchronously.</param>
internal sealed record ReproductionRequest(
    ReproductionScale Scale, string? Data, string Folder, int? Seeds = null, bool Synchronous = false)
{
    /// <summary>Numbers that decide what the figures cost.</summary>
    public FigureSizes Sizes
    {
        get
        {
            var sizes = FigureSizes.Of(Scale);
            if (Synchronous) sizes = sizes with { Trained = sizes.Trained with { Synchronous = true } };
            return Seeds is { } seeds ? sizes with { Seeds = seeds, Trained = sizes.Trained with { BatchNormSeeds = seeds } } : sizes;
        }
    }

    /// <summary>What makes a figure like this, but for the folder of the files.</summary>
    /// <param name="figures">An id, a number, or all.</param>
    public string Command(string figures)
    {
        string images = Data is null ? "" : $" --data {ShellWord.Of(Data)}", seeds = Seeds is null ? "" : $" --seeds {Seeds}";
        string mode = Synchronous ? " --synchronous" : "";
        return $"lopt reproduce {figures} --scale {Scale.ToString().ToLowerInvariant()}{seeds}{mode}{images}";
    }

    /// <summary>Makes a figure and writes its files.</summary>
    public FigureFiles Make(
        PaperFigure figure, FigureSizes sizes, IFigureTrainer trainer, TimeProvider time, out FigureData data,
        CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        var run = new FigureRun(sizes, Data, FigureFiles.Records(Folder), trainer, cancellation);
        data = figure.Make(run);
        var caption = new FigureCaption(
            Command(figure.Id),
            figure.Seeds(sizes),
            Machine.Describe(),
            time.GetUtcNow(),
            time.GetElapsedTime(start),
            run.Kept);
        var files = new FigureFiles(Folder, figure.Id);
        files.Write(figure, data, caption);
        return files;
    }
}
