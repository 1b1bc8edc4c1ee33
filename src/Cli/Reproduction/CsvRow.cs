using System.Globalization;

namespace LoptCluster.Cli.Reproduction;

/// <summary>A row of a <see cref="CsvTable"/>, read by the names of its columns.</summary>
internal readonly record struct CsvRow(CsvTable Table, IReadOnlyList<string> Cells)
{
    public string this[string column] => Cells[Table.Columns.IndexOf(column)];

    public double Number(string column) => double.Parse(this[column], CultureInfo.InvariantCulture);

    public int Count(string column) => int.Parse(this[column], CultureInfo.InvariantCulture);
}
