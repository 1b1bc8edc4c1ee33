using LoptCluster.Cli.Drawing;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Files of a figure in the folder of a reproduction.</summary>
internal sealed record FigureFiles(string Folder, string Id)
{
    /// <summary>Data of the figure.</summary>
    public string Csv => Path.Combine(Folder, $"{Id}.csv");

    /// <summary>Numbers that judge the paper's claim: columns number, median, lower, upper.</summary>
    public string Numbers => Path.Combine(Folder, $"{Id}.numbers.csv");

    public string Svg => Path.Combine(Folder, $"{Id}.svg");

    /// <summary>The same picture as <see cref="Svg"/>.</summary>
    public string Png => Path.Combine(Folder, $"{Id}.png");

    /// <summary>Folder of the records of finished experiments.</summary>
    public static string Records(string folder) => Path.Combine(folder, "experiments");

    /// <summary>Folder of the outer-trainings.</summary>
    public static string Studies(string folder) => Path.Combine(folder, "studies");

    public void Write(PaperFigure figure, FigureData data, FigureCaption caption)
    {
        Directory.CreateDirectory(Folder);
        data.Table.Write(Csv);
        var numbers = new CsvTable("number", "median", "lower", "upper");
        foreach (var finding in data.Findings) numbers.Add(finding.Name, finding.Value.Median, finding.Value.Lower, finding.Value.Upper);
        numbers.Write(Numbers);
        File.WriteAllText(Svg, FigureDocument.Compose(figure, data, caption));
    }

    /// <summary>Draws the SVG that is written as PNG.</summary>
    /// <returns>Why this system cannot; null if it did.</returns>
    public string? Draw()
    {
        File.Delete(Png); // of an earlier figure
        return PngImage.Write(File.ReadAllText(Svg), Png);
    }
}
