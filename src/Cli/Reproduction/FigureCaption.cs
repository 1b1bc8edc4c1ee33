using System.Globalization;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Where a figure comes from.</summary>
/// <param name="Command">Command that makes it again.</param>
/// <param name="Seeds">Number of seeds, from 1; 0 where nothing is random.</param>
/// <param name="Machine">Processor and cores.</param>
/// <param name="Made">When it was made.</param>
/// <param name="Time">What it took, records of earlier experiments not counted.</param>
/// <param name="Kept">Experiments that were on record.</param>
internal sealed record FigureCaption(string Command, int Seeds, string Machine, DateTimeOffset Made, TimeSpan Time, int Kept)
{
    public override string ToString()
    {
        string seeds = Seeds switch { 0 => "nothing random", 1 => "seed 1", _ => $"seeds 1 to {Seeds}" };
        string kept = Kept == 0 ? "" : $", with {DisplayFormat.Plural(Kept, "experiment")} done before";
        return $"{Command} · {seeds} · {Machine} · {Made.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC · "
            + $"{DisplayFormat.Number(Time.TotalSeconds)} s{kept}";
    }
}
