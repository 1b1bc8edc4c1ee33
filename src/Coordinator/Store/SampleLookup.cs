using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>Which samples the run's file has, counted or not.</summary>
/// <remarks>Not thread-safe. Sees what is committed at each call.</remarks>
internal sealed class SampleLookup : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _problem, _truncation;

    public SampleLookup(SqliteConnection connection)
    {
        _connection = connection;
        _command = connection.CreateCommand();
        _command.CommandText = "SELECT 1 FROM samples WHERE problem_id = $problem AND truncation = $truncation";
        _problem = _command.Parameters.Add("$problem", SqliteType.Integer);
        _truncation = _command.Parameters.Add("$truncation", SqliteType.Integer);
    }

    public bool Contains(SampleIdentity identity)
    {
        (_problem.Value, _truncation.Value) = (identity.ProblemId, identity.Truncation);
        return _command.ExecuteScalar() is not null;
    }

    public void Dispose()
    {
        _command.Dispose();
        _connection.Dispose();
    }
}
