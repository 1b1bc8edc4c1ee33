using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>Reads a run's ledger of gradients, beside its writer (WAL).</summary>
internal sealed class GradientLedgerReader : IDisposable
{
    private readonly SqliteConnection _connection;

    private GradientLedgerReader(SqliteConnection connection) => _connection = connection;

    /// <summary>The ledger of a run; null if its folder has none, or that of another run.</summary>
    public static GradientLedgerReader? Find(string runDirectory, string runId)
    {
        string path = Path.Combine(runDirectory, GradientLedger.FileName);
        if (!File.Exists(path)) return null;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT value FROM ledger WHERE key = 'run_id'";
            if (command.ExecuteScalar() is string owner && owner == runId) return new GradientLedgerReader(connection);
            connection.Dispose();
            return null;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new UserErrorException(
                $"The run's ledger '{path}' cannot be read: {e.Message.TrimEnd('.')}. Without it the gradients are computed again.", e);
        }
    }

    /// <summary>The gradients of an update's batch; empty if the ledger has none of it.</summary>
    /// <exception cref="UserErrorException">The page is damaged.</exception>
    public IReadOnlyDictionary<(SampleIdentity Sample, EstimatorId Estimator), ReadOnlyMemory<float>> Page(long update)
    {
        var rows = new List<(SampleIdentity, EstimatorId)>();
        using (var command = Command("SELECT problem_id, truncation, estimator FROM gradients WHERE outer_update = $update ORDER BY row"))
        {
            command.Parameters.AddWithValue("$update", update);
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add((new(reader.GetInt64(0), reader.GetInt32(1)), new EstimatorId(reader.GetString(2))));
        }

        using var read = Command("SELECT theta_length, \"values\" FROM pages WHERE outer_update = $update");
        read.Parameters.AddWithValue("$update", update);
        using var page = read.ExecuteReader();
        if (rows.Count == 0 || !page.Read()) return new Dictionary<(SampleIdentity, EstimatorId), ReadOnlyMemory<float>>();
        try
        {
            var values = GradientPage.Unpack((byte[])page.GetValue(1), rows.Count, page.GetInt32(0));
            return rows.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException(
                $"'{GradientLedger.FileName}' is damaged: the gradients of outer-update {update} cannot be unpacked. Move the file away, "
                    + "and they are computed again.", e);
        }
    }

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
