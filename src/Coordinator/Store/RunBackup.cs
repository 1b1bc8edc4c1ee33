using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>A copy of a run's file, also while its coordinator goes on.</summary>
public static class RunBackup
{
    /// <summary>Writes what is committed at this moment to a new file: one run, whole in itself.</summary>
    /// <returns>The outer-update that the copy stands at.</returns>
    /// <exception cref="UserErrorException">There is no run, the file is there already, or one of the two cannot be used.</exception>
    public static long Write(string runDirectory, string file)
    {
        string source = Path.Combine(runDirectory, RunDatabase.FileName);
        if (!File.Exists(source))
            throw new UserErrorException($"There is no run in '{runDirectory}' (no {RunDatabase.FileName} there).");
        if (File.Exists(file))
            throw new UserErrorException($"The file '{file}' is there already. A back-up overwrites nothing; name another file.");
        // Under its own name only when it is whole: no room, or a kill, leaves nothing that looks like a back-up.
        string part = $"{file}.{Guid.NewGuid().ToString("N")[..8]}.part";
        try
        {
            long update = Copy(source, part);
            File.Move(part, file);
            return update;
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

    /// <returns>The newest version of θ in the copy.</returns>
    private static long Copy(string source, string file)
    {
        // Not read-only: the log that a killed coordinator left behind is only read by who may also write.
        using var from = Open(source, SqliteOpenMode.ReadWrite);
        using var to = Open(file, SqliteOpenMode.ReadWriteCreate);
        from.BackupDatabase(to);
        using var newest = to.CreateCommand();
        newest.CommandText = "SELECT max(version) FROM theta";
        return (long)newest.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
