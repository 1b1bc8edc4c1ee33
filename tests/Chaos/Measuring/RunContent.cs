using System.IO.Hashing;
using System.Text;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Chaos.Measuring;

/// <summary>
/// What a run's file says of the run, as one hash: every row of every table but those that tell who works on what at the moment.
/// </summary>
/// <remarks>
/// Left out are the table <c>owners</c> (which worker has a problem), <c>problems.state</c> with its checksum (a state that can be
/// recomputed: a worker that has a problem may hand it back or give it up), and the number of the newest commit. Tables of a later format
/// are hashed without a change here.
/// </remarks>
internal static class RunContent
{
    private const string Owners = "owners", Problems = "problems", State = "state";

    private static readonly string[] Tables = [Owners];

    private static readonly Dictionary<string, string> Rows = new()
    {
        ["run"] = "key <> 'commit'",
        ["checksums"] = $"item NOT IN ('{State}', 'run.commit')",
    };

    public static string Hash(string runDirectory)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(runDirectory, "run.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        var hash = new XxHash128();
        foreach (string table in Names(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
        {
            if (Tables.Contains(table) || table.StartsWith("sqlite_", StringComparison.Ordinal)) continue;
            Append(hash, connection, table);
        }

        return Convert.ToHexString(hash.GetCurrentHash());
    }

    private static void Append(XxHash128 hash, SqliteConnection connection, string table)
    {
        string[] columns = [.. Names(connection, $"SELECT name FROM pragma_table_info('{table}')")
            .Where(column => (table, column) != (Problems, State)).Select(column => $"\"{column}\"")];
        string all = string.Join(", ", columns);
        string where = Rows.TryGetValue(table, out string? rows) ? $" WHERE {rows}" : "";
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {all} FROM \"{table}\"{where} ORDER BY {all}";
        using var reader = command.ExecuteReader();
        hash.Append(Encoding.UTF8.GetBytes(table));
        while (reader.Read())
        {
            for (int i = 0; i < reader.FieldCount; i++)
            {
                hash.Append("|"u8);
                hash.Append(reader.GetValue(i) switch
                {
                    byte[] bytes => bytes,
                    double number => BitConverter.GetBytes(number),
                    var other => Encoding.UTF8.GetBytes(FormattableString.Invariant($"{other}")),
                });
            }
        }
    }

    private static List<string> Names(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }
}
