using System.Collections.Immutable;
using System.Globalization;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Rows of numbers and words under named columns; a CSV file without quotes.</summary>
internal sealed class CsvTable(params ImmutableArray<string> columns)
{
    private readonly List<string[]> _rows = [];

    public ImmutableArray<string> Columns { get; } = columns;

    public int Count => _rows.Count;

    public IEnumerable<CsvRow> Rows => _rows.Select(cells => new CsvRow(this, cells));

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    public static CsvTable Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        var table = new CsvTable([.. lines[0].Split(',')]);
        foreach (string line in lines.AsSpan(1)) table._rows.Add(line.Split(','));
        return table;
    }

    /// <summary>Adds a row; numbers keep seven significant digits.</summary>
    public void Add(params ReadOnlySpan<object> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, Columns.Length);
        string[] row = new string[cells.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = cells[i] is double or float
                ? Convert.ToDouble(cells[i], CultureInfo.InvariantCulture).ToString("G7", CultureInfo.InvariantCulture)
                : Convert.ToString(cells[i], CultureInfo.InvariantCulture) ?? "";
        }

        if (row.FirstOrDefault(cell => cell.Contains(',')) is { } cell)
            throw new ArgumentException($"The cell '{cell}' must have no comma: the file has no quotes.", nameof(cells));
        _rows.Add(row);
    }

    /// <summary>Writes the file as a whole: a reader never sees half of it.</summary>
    public void Write(string path)
    {
        string partial = path + ".part";
        File.WriteAllLines(partial, [string.Join(',', Columns), .. _rows.Select(row => string.Join(',', row))]);
        File.Move(partial, path, overwrite: true);
    }
}
