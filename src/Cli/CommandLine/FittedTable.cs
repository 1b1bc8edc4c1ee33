using Spectre.Console;

namespace LoptCluster.Cli.CommandLine;

/// <summary>A table without the columns for which a terminal is too narrow: no cell is cut or wrapped if that can be avoided.</summary>
internal static class FittedTable
{
    /// <summary>Blanks beside a cell and the line between two, and the two edges of the table.</summary>
    private const int Gap = 3, Edges = 1;

    /// <param name="columns">Title, alignment, and rank: columns of the highest rank go first, those of rank 0 stay.</param>
    /// <param name="rows">A cell for each column.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static Table Compose(
        IReadOnlyList<(string Title, Justify Alignment, int Rank)> columns, IReadOnlyList<string[]> rows, int width)
    {
        var shown = Enumerable.Range(0, columns.Count).ToList();
        while (shown.Sum(Width) + Edges > width && shown.Max(c => columns[c].Rank) is > 0 and var highest)
            shown.RemoveAll(c => columns[c].Rank == highest);
        var table = new Table { Border = TableBorder.Simple };
        foreach (int c in shown)
        {
            var (title, alignment, rank) = columns[c];
            table.AddColumn(new TableColumn(Markup.Escape(title)) { Alignment = alignment, NoWrap = rank > 0 });
        }

        foreach (string[] row in rows) table.AddRow([.. shown.Select(c => Markup.Escape(row[c]))]);
        return table;

        int Width(int column) => rows.Select(row => row[column].Length).Append(columns[column].Title.Length).Max() + Gap;
    }
}
