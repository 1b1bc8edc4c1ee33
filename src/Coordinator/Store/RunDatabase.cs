using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>The file of one run (SQLite: WAL, synchronous = FULL). What is committed survives kill −9 and power loss.</summary>
/// <remarks>
/// One writer: the run loop. Readers open their own connections (<see cref="RunReader"/>). The lock of the folder keeps a second
/// coordinator out; where locks do not work, the first to write after the other has opened the file learns of it
/// (<see cref="CommitId"/>).
/// </remarks>
internal sealed class RunDatabase : IDisposable
{
    public const string FileName = "run.db";

    /// <summary>Seconds that the start and reads wait for a locked file: long enough for a program that copies it.</summary>
    public const int PatientSeconds = 30;

    /// <summary>Seconds that a commit waits for a file that another program has locked, before it says so and tries again.</summary>
    private const int LockedSeconds = 2;

    private readonly Dictionary<string, PreparedWrite> _prepared = [];
    private readonly RunLock _lock;
    private readonly FilePlace _place;
    private readonly string _path;
    private readonly string _writer = Guid.NewGuid().ToString("N")[..12];
    private CommitId _newest;
    private bool _isBroken;

    private RunDatabase(SqliteConnection connection, string path, RunLock @lock)
    {
        Connection = connection;
        _path = path;
        _lock = @lock;
        _place = new FilePlace(path);
    }

    public SqliteConnection Connection { get; private set; }

    /// <summary>Opens the run's file, or makes it.</summary>
    /// <exception cref="UserErrorException">
    /// The file is not a run's, of another version, damaged, older than what was acknowledged from it, or cannot be opened.
    /// </exception>
    public static RunDatabase Open(string runDirectory)
    {
        string path = Path.Combine(runDirectory, FileName);
        RunLock? held = null;
        RunDatabase? opened = null;
        try
        {
            Directory.CreateDirectory(runDirectory);
            held = RunLock.Take(runDirectory);
            CheckNotBehind(runDirectory, path, held.Noted());
            var connection = Connect(path, PatientSeconds);
            RunSchema.Prepare(connection, path);
            RunCheck.Require(connection, path);
            opened = new RunDatabase(connection, path, held);
            held = null;
            opened.TakeOver();
            connection.DefaultTimeout = LockedSeconds;
            var whole = opened;
            opened = null;
            return whole;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw RunFileFault.Find(e)?.AtStart(path, e) ?? new UserErrorException(
                $"The run's file '{path}' cannot be opened: {e.Message.TrimEnd('.')}. Give another --run, or fix the file's permissions.",
                e);
        }
        finally
        {
            opened?.Dispose();
            held?.Dispose();
        }
    }

    /// <summary>Path of the file of a run that there is.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static string Existing(string runDirectory) => Path.Combine(runDirectory, FileName) is var path && File.Exists(path)
        ? path
        : throw new UserErrorException($"There is no run in '{runDirectory}' (no {FileName} there). Name a run folder.");

    /// <summary>The number of the next sample in the order of arrival.</summary>
    public long NextSequence()
    {
        using var command = Command("SELECT coalesce(max(sequence), 0) + 1 FROM samples");
        return (long)command.ExecuteScalar()!;
    }

    public SqliteCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>
    /// Executes statements in one transaction; on return they are durable in the file under the run's name. After a fault it may be called
    /// again with the same ones: they are applied once.
    /// </summary>
    /// <exception cref="SqliteException">The file cannot be written. It is as it was.</exception>
    /// <exception cref="UserErrorException">
    /// The file was deleted, replaced or moved, or another coordinator writes to it. What has been committed is not to be acknowledged.
    /// </exception>
    public void Apply(IReadOnlyList<WriteStatement> statements)
    {
        if (_isBroken) Reopen();
        _isBroken = true;
        var next = _newest.NextBy(_writer);
        using (var transaction = Connection.BeginTransaction())
        {
            // Not known after a fault of the commit itself: it may have been done.
            var found = Newest(transaction);
            if (found != next)
            {
                if (found != _newest) throw RunFileFault.TakenOver(_path);
                foreach (var (sql, parameters) in statements) Execute(sql, parameters);
                Execute("INSERT OR REPLACE INTO run VALUES ($key, $value)", [("$key", CommitId.Key), ("$value", next.ToString())]);
                transaction.Commit();
            }
        }

        CheckPlace();
        _newest = next;
        _lock.Note(_newest.Number);
        _isBroken = false;
    }

    public void Dispose()
    {
        Close();
        _place.Dispose();
        _lock.Dispose();
    }

    private static SqliteConnection Connect(string path, int lockedSeconds)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = lockedSeconds }.ToString());
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText =
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -65536;";
        settings.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Looks before anything is written: what is missing may yet be put back.</summary>
    private static void CheckNotBehind(string runDirectory, string path, long noted)
    {
        if (noted == 0) return;
        bool isRun = File.Exists(path) && new RunReader(runDirectory).Format() > 0;
        long found = isRun ? CommitId.Parse(new RunReader(runDirectory).Value(CommitId.Key)).Number : 0;
        if (noted > found) throw RunFileFault.Behind(path, noted - found);
    }

    /// <summary>From here on this is the file's writer.</summary>
    private void TakeOver()
    {
        using (var transaction = Connection.BeginTransaction()) _newest = Newest(transaction);
        Apply([]);
    }

    /// <summary>A connection that has met a fault is not relied upon again.</summary>
    private void Reopen()
    {
        CheckPlace();
        Close();
        Connection = Connect(_path, LockedSeconds);
        CheckPlace();
    }

    private void CheckPlace()
    {
        if (!_place.IsKept) throw RunFileFault.Moved(_path);
    }

    private void Close()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
        _prepared.Clear();
        Connection.Dispose();
    }

    private CommitId Newest(SqliteTransaction transaction)
    {
        using var command = Command("SELECT value FROM run WHERE key = $key");
        command.Transaction = transaction;
        command.Parameters.AddWithValue("$key", CommitId.Key);
        return CommitId.Parse((string?)command.ExecuteScalar());
    }

    /// <summary>A part of the open transaction.</summary>
    private void Execute(string sql, (string Name, object Value)[] parameters)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
            _prepared[sql] = statement = new PreparedWrite(Connection, sql, parameters.Select(p => p.Name));
        statement.Execute(parameters);
    }
}
