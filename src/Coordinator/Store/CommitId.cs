using System.Globalization;

namespace LoptCluster.Coordinator.Store;

/// <summary>A commit to a run's file. Each follows the one before it, so a writer sees whether another has written since.</summary>
/// <param name="Writer">The opening of the file that it came from.</param>
/// <param name="Number">Commits so far.</param>
internal readonly record struct CommitId(string Writer, long Number)
{
    /// <summary>Key of the newest one in the table <c>run</c>.</summary>
    public const string Key = "commit";

    public CommitId NextBy(string writer) => new(writer, Number + 1);

    /// <param name="text">As the file has it; null: the file is from before commits were counted, or new.</param>
    public static CommitId Parse(string? text) =>
        text?.Split(' ') is [var writer, var last] && long.TryParse(last, CultureInfo.InvariantCulture, out long number)
            ? new(writer, number)
            : new("", 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Writer} {Number}");
}
