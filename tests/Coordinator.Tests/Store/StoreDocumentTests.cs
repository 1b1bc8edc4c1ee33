using LoptCluster.Coordinator.Store;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Store;

/// <summary>docs/STORE.md describes every table and column of the files, and no other table.</summary>
public sealed class StoreDocumentTests
{
    [Fact]
    public void Document_HasEveryTableAndColumn()
    {
        using var folder = new TemporaryFolder();
        RunDatabase.Open(folder.Path).Dispose();
        GradientLedger.Open(folder.Path, "run", 0).Dispose();
        var sections = Sections();
        var described = new List<string>();
        foreach (var (file, suffix) in new[] { (RunDatabase.FileName, ""), (GradientLedger.FileName, " of ledger.db") })
        {
            foreach (var (table, columns) in Tables(folder.PathOf(file)))
            {
                var section = sections.FirstOrDefault(s => s.Title.Contains($"`{table}`{suffix}", StringComparison.Ordinal));
                if (section.Text is null) section = sections.First(s => s.Title.Contains($"`{table}`", StringComparison.Ordinal));
                Assert.All(columns, column => Assert.Contains($"`{column}`", section.Text, StringComparison.Ordinal));
                described.Add(section.Title);
            }
        }

        Assert.Equal(sections.Select(s => s.Title), sections.Select(s => s.Title).Where(described.Contains));
    }

    private static List<(string Title, string Text)> Sections() =>
    [
        .. File.ReadAllText(Repository.PathOf("docs/STORE.md")).Split("\n### ").Skip(1).Select(s => s.Split("\n## ")[0])
            .Select(s => (s.Split('\n')[0], s)),
    ];

    private static List<(string Table, List<string> Columns)> Tables(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid
            """;
        using var reader = command.ExecuteReader();
        var columns = new List<(string Table, string Column)>();
        while (reader.Read()) columns.Add((reader.GetString(0), reader.GetString(1)));
        return [.. columns.GroupBy(c => c.Table, c => c.Column).Select(g => (g.Key, g.ToList()))];
    }
}
