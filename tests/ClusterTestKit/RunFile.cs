using Microsoft.Data.Sqlite;
using Xunit;

namespace LoptCluster.ClusterTestKit;

/// <summary>A run's file, read beside the coordinator, with the invariants that it must satisfy.</summary>
public sealed class RunFile(string runDirectory)
{
    public long Updates => Scalar("SELECT max(version) FROM theta");

    public byte[] Theta(long version) => (byte[])Rows($"SELECT \"values\" FROM theta WHERE version = {version}").Single()[0];

    public byte[] LastTheta() => (byte[])Rows("SELECT \"values\" FROM theta ORDER BY version DESC LIMIT 1").Single()[0];

    /// <summary>Share of the samples that compute g_rp, for every version from 0 on.</summary>
    public double[] RpShares => [.. Rows("SELECT rp_share FROM theta ORDER BY version").Select(r => (double)r[0])];

    /// <summary>All samples that the file has, merged or not.</summary>
    public IEnumerable<(long Problem, int Truncation)> Samples() =>
        Rows("SELECT problem_id, truncation FROM samples").Select(r => ((long)r[0], (int)(long)r[1]));

    public long Scalar(string sql) => Convert.ToInt64(Rows(sql).Single()[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Asserts that no update is lost, no sample is counted twice, and every problem is an unbroken row of truncations.</summary>
    public void AssertConsistent(int batchSamples)
    {
        Assert.Equal(Updates + 1, Scalar("SELECT count(*) FROM theta"));
        Assert.Equal(Updates, Scalar("SELECT count(*) FROM history"));
        Assert.Equal(0, Scalar("SELECT count(*) FROM (SELECT 1 FROM samples GROUP BY problem_id, truncation HAVING count(*) > 1)"));
        Assert.Equal(0, Scalar(
            "SELECT count(*) FROM (SELECT 1 FROM samples WHERE merged_update IS NOT NULL GROUP BY merged_update "
            + $"HAVING count(*) <> {batchSamples})"));
        Assert.Equal(Updates, Scalar("SELECT count(DISTINCT merged_update) FROM samples WHERE merged_update IS NOT NULL"));
        Assert.Equal(0, Scalar("SELECT count(*) FROM (SELECT 1 FROM samples GROUP BY problem_id HAVING max(truncation) <> count(*) - 1)"));
        Assert.Equal(0, Scalar(
            "SELECT count(*) FROM samples s WHERE start_step <> "
            + "(SELECT coalesce(sum(steps), 0) FROM samples b WHERE b.problem_id = s.problem_id AND b.truncation < s.truncation)"));
        Assert.Equal(0, Scalar("SELECT count(*) FROM samples WHERE theta_version >= merged_update"));
    }

    /// <summary>From now on no sample can be stored, as if the disk were full.</summary>
    /// <param name="reason">What SQLite answers.</param>
    public void RefuseSamples(string reason) =>
        Change($"CREATE TRIGGER refuse BEFORE INSERT ON samples BEGIN SELECT RAISE(ABORT, '{reason}'); END");

    /// <summary>Changes the file as a disk or a person may.</summary>
    public void Change(string sql)
    {
        using var connection = Open("ReadWrite");
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Keeps everybody else from writing to the file, as a program that copies or repairs it does.</summary>
    /// <returns>Ends that.</returns>
    public IDisposable Lock()
    {
        var connection = Open("ReadWrite");
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    private SqliteConnection Open(string mode)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(runDirectory, "run.db")};Mode={mode};Pooling=False");
        connection.Open();
        return connection;
    }

    private List<object[]> Rows(string sql)
    {
        using var connection = Open("ReadOnly");
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            object[] row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
