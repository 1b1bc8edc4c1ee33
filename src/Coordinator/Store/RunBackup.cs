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
            throw new UserErrorException($"run folder {runDirectory}: there is no run in it (no {RunDatabase.FileName})");
        if (File.Exists(file)) throw new UserErrorException($"{file}: is there already; a back-up overwrites nothing, name another file");
        try
        {
            // Not read-only: the log that a killed coordinator left behind is only read by who may also write.
            using var from = Open(source, SqliteOpenMode.ReadWrite);
            using var to = Open(file, SqliteOpenMode.ReadWriteCreate);
            from.BackupDatabase(to);
            using var newest = to.CreateCommand();
            newest.CommandText = "SELECT max(version) FROM theta";
            return (long)newest.ExecuteScalar()!;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidCastException)
        {
            throw new UserErrorException($"{source} cannot be copied to {file}: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
