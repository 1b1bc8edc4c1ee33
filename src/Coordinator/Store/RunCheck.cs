using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>Whether the file of a run is whole.</summary>
public static class RunCheck
{
    /// <summary>Examines all of a run's file. Nothing is written; the run may be going.</summary>
    /// <exception cref="UserErrorException">There is no run, or it has another format.</exception>
    public static IReadOnlyList<Examined> Of(string runDirectory)
    {
        string path = RunDatabase.Existing(runDirectory);
        try
        {
            using var connection = Open(path);
            long format = new RunReader(runDirectory).Format();
            if (format != RunSchema.Version) throw RunSchema.OtherFormat(path, format);
            // One moment of a run that goes on.
            using var moment = connection.BeginTransaction(deferred: true);
            var examiner = new FileExaminer(connection);
            return
            [
                examiner.Pages(), .. Continued(examiner, fromVersion: 0), examiner.Truncations(),
            ];
        }
        catch (SqliteException e)
        {
            return [new Examined("file", 1, 0, [$"'{path}' cannot be read: {e.Message.TrimEnd('.')}"])];
        }
    }

    /// <summary>Looks, before a run is continued, at all that it is continued from.</summary>
    /// <exception cref="UserErrorException">Something does not match its checksum, or is not finite.</exception>
    internal static void Require(SqliteConnection connection, string path)
    {
        var examiner = new FileExaminer(connection);
        List<string> damage = [.. Continued(examiner, examiner.OldestNeededVersion()).SelectMany(p => p.Damage)];
        if (damage.Count == 0) return;
        string more = damage.Count == 1 ? "" : $", and {damage.Count - 1} more";
        throw new UserErrorException(
            $"The run's file '{path}' is damaged. {damage[0]}{more}. Nothing was changed. 'lopt check' lists what is whole and what is "
                + "not; restore a back-up ('lopt backup' makes them).");
    }

    /// <summary>What a run is continued from.</summary>
    private static IEnumerable<Examined> Continued(FileExaminer examiner, long fromVersion) =>
    [
        examiner.Values(), examiner.Thetas(fromVersion), .. examiner.OuterState(), examiner.States(), examiner.Samples(),
        examiner.ComparisonParts(),
    ];

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
