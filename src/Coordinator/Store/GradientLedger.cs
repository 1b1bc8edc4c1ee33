using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>
/// The file beside a run's that keeps the measured gradients of merged samples, a page for each outer-update (SQLite: WAL, synchronous =
/// FULL).
/// </summary>
/// <remarks>
/// Two files do not commit as one. A page is durable before its update is in the run's file, and pages of updates that never got there are
/// erased when the ledger is opened: whatever instant a process is killed at, the ledger has a page for every update of the run that was
/// merged while there was a ledger, and no other. Not thread-safe, but that the run loop may add while what it took before is committed.
/// </remarks>
internal sealed class GradientLedger : IDisposable
{
    public const string FileName = "ledger.db";

    private const int FormatVersion = 1;

    private const string Schema = """
        CREATE TABLE ledger (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE pages (outer_update INTEGER PRIMARY KEY, theta_length INTEGER NOT NULL, "values" BLOB NOT NULL);
        CREATE TABLE gradients (
            outer_update INTEGER NOT NULL, row INTEGER NOT NULL, problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL,
            estimator TEXT NOT NULL, PRIMARY KEY (outer_update, row)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly FilePlace _place;
    private readonly string _directory;
    private List<Batch> _added = [];

    private GradientLedger(SqliteConnection connection, string directory)
    {
        _connection = connection;
        _directory = directory;
        _place = new FilePlace(Path.Combine(directory, FileName));
    }

    /// <summary>Opens the ledger of a run, or makes it, and erases pages of updates that the run does not have.</summary>
    /// <param name="runDirectory">Folder of the run, whose lock the caller holds.</param>
    /// <param name="runId">The run.</param>
    /// <param name="newestVersion">Outer-updates that are in the run's file.</param>
    /// <exception cref="UserErrorException">The file is of another run or format, or cannot be opened.</exception>
    public static GradientLedger Open(string runDirectory, string runId, long newestVersion)
    {
        string path = Path.Combine(runDirectory, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000");
            Begin(connection, path, runId);
            Execute(connection, "DELETE FROM pages WHERE outer_update > $newest", ("$newest", newestVersion));
            Execute(connection, "DELETE FROM gradients WHERE outer_update > $newest", ("$newest", newestVersion));
            return new GradientLedger(connection, runDirectory);
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is not SqliteException) throw;
            throw new UserErrorException(
                $"The run's ledger '{path}' cannot be opened: {e.Message.TrimEnd('.')}. Move it away, and the run goes on with a new one.",
                e);
        }
    }

    /// <summary>
    /// Adds the page of an update to those that are taken next; samples without a finite gradient have no row in it.
    /// </summary>
    /// <param name="update">Version of the θ that the update made.</param>
    /// <param name="samples">The batch, in merge order.</param>
    public void Add(long update, IReadOnlyList<GradientSample> samples)
    {
        StoredGradient[] rows =
        [
            .. from sample in samples
               from gradient in sample.Gradients
               where gradient.IsFinite
               select new StoredGradient(sample.Identity, gradient.Estimator, gradient.Values),
        ];
        if (rows.Length == 0) return;
        _added.Add(new Batch(update, rows));
    }

    /// <summary>What was added since the last call, to be committed.</summary>
    public IReadOnlyList<Batch> TakeAdded()
    {
        var added = _added;
        _added = [];
        return added;
    }

    /// <summary>
    /// Commits pages; on return they are durable. To be called before the run's own file commits; after a fault it may be called
    /// again.
    /// </summary>
    /// <exception cref="SqliteException">The file cannot be written. It is as it was.</exception>
    /// <exception cref="UserErrorException">The file was deleted, replaced or moved.</exception>
    public void Commit(IReadOnlyList<Batch> pages)
    {
        if (pages.Count == 0) return;
        Guarded(() =>
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var (update, rows) in pages) Write(update, rows);
            transaction.Commit();
        });
        if (!_place.IsKept) throw RunFileFault.Moved(Path.Combine(_directory, FileName));
    }

    /// <summary>Erases the pages of updates up to one, and gives their room back to the disk.</summary>
    public void Prune(long lastUpdate) => Guarded(() =>
    {
        Execute(_connection, "DELETE FROM pages WHERE outer_update <= $last", ("$last", lastUpdate));
        Execute(_connection, "DELETE FROM gradients WHERE outer_update <= $last", ("$last", lastUpdate));
        Execute(_connection, "VACUUM");
        Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    });

    public void Dispose()
    {
        _connection.Dispose();
        _place.Dispose();
    }

    private static void Begin(SqliteConnection connection, string path, string runId)
    {
        long format = (long)Scalar(connection, "PRAGMA user_version")!;
        if (format is not (0 or FormatVersion))
        {
            throw new UserErrorException(
                $"'{path}' was written by another version of lopt (format {format}, this one reads {FormatVersion}). Use that version.");
        }

        if (format == 0)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, Schema);
            Execute(connection, "INSERT INTO ledger VALUES ('run_id', $run)", ("$run", runId));
            Execute(connection, $"PRAGMA user_version = {FormatVersion}");
            transaction.Commit();
        }

        string? owner = Scalar(connection, "SELECT value FROM ledger WHERE key = 'run_id'") as string;
        if (owner != runId)
            throw new UserErrorException($"'{path}' is the ledger of run '{owner}', and this is run '{runId}'. Move that file away.");
    }

    /// <summary>Replaces a page that an attempt before has written, without its commit in the run's file.</summary>
    private void Write(long update, StoredGradient[] rows)
    {
        Execute(
            _connection, "INSERT OR REPLACE INTO pages VALUES ($update, $length, $values)", ("$update", update),
            ("$length", rows[0].Values.Length), ("$values", GradientPage.Pack([.. rows.Select(r => r.Values)])));
        for (int i = 0; i < rows.Length; i++)
        {
            Execute(
                _connection, "INSERT OR REPLACE INTO gradients VALUES ($update, $row, $problem, $truncation, $estimator)",
                ("$update", update), ("$row", i), ("$problem", rows[i].Sample.ProblemId), ("$truncation", rows[i].Sample.Truncation),
                ("$estimator", rows[i].Estimator.Name));
        }
    }

    private static void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException e)
        {
            RunFileFault.Concerns(e, FileName);
            throw;
        }
    }

    /// <summary>The measured gradients of an outer-update's batch.</summary>
    internal readonly record struct Batch(long Update, StoredGradient[] Rows);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
