using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>A copy of a run's file, also while its coordinator goes on.</summary>
public static class RunBackup
{
    /// <summary>The file beside a back-up that its ledger of gradients is copied to: run.db → run.ledger.db.</summary>
    public static string LedgerPath(string file) => Path.ChangeExtension(file, ".ledger.db");

    /// <summary>Whether the run keeps gradients, in a file that <see cref="Write"/> does not copy.</summary>
    public static bool HasLedger(string runDirectory) => File.Exists(Path.Combine(runDirectory, GradientLedger.FileName));

    /// <summary>
    /// Writes the run's ledger of gradients to a new file. After <see cref="Write"/>: then the copy has every update of that back-up, and
    /// what it has beyond is erased when the run is resumed.
    /// </summary>
    /// <exception cref="UserErrorException">The file is there already, or one of the two cannot be used.</exception>
    public static void WriteLedger(string runDirectory, string file) =>
        Copy(Path.Combine(runDirectory, GradientLedger.FileName), file, _ => 0);

    /// <summary>Writes what is committed at this moment to a new file: one run, whole in itself.</summary>
    /// <returns>The outer-update that the copy stands at.</returns>
    /// <exception cref="UserErrorException">There is no run, the file is there already, or one of the two cannot be used.</exception>
    public static long Write(string runDirectory, string file)
    {
        return Copy(RunDatabase.Existing(runDirectory), file, to =>
        {
            using var newest = to.CreateCommand();
            newest.CommandText = "SELECT max(version) FROM theta";
            return (long)newest.ExecuteScalar()!;
        });
    }

    private static long Copy(string source, string file, Func<SqliteConnection, long> result)
    {
        if (File.Exists(file))
            throw new UserErrorException($"The file '{file}' is there already. A back-up overwrites nothing; name another file.");
        // Under its own name only when it is whole: no room, or a kill, leaves nothing that looks like a back-up.
        string part = $"{file}.{Guid.NewGuid().ToString("N")[..8]}.part";
        try
        {
            long found = CopyWhole(source, part, result);
            File.Move(part, file);
            return found;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidCastException)
        {
            string told = e.Message.TrimEnd('.'), why = RunFileFault.Find(e) is { } fault ? $"one of the two {fault.What} ({told})" : told;
            throw new UserErrorException($"'{source}' cannot be copied to '{file}': {why}. No back-up was left behind.", e);
        }
        finally
        {
            foreach (string left in (string[])[part, part + "-journal", part + "-wal", part + "-shm"])
                if (File.Exists(left)) File.Delete(left);
        }
    }

    private static long CopyWhole(string source, string file, Func<SqliteConnection, long> result)
    {
        // Not read-only: the log that a killed coordinator left behind is only read by who may also write.
        using var from = Open(source, SqliteOpenMode.ReadWrite);
        using var to = Open(file, SqliteOpenMode.ReadWriteCreate);
        from.BackupDatabase(to);
        return result(to);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
