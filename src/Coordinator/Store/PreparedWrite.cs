using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LoptCluster.Coordinator.Store;

/// <summary>A statement of the run's file, compiled once for all of its executions.</summary>
/// <remarks>
/// <see cref="SqliteCommand"/> looks up each parameter by its name and makes an object for it, every time: three times what the statement
/// itself takes.
/// </remarks>
internal sealed class PreparedWrite : IDisposable
{
    private readonly sqlite3 _file;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    /// <param name="connection">The file; it stays open until the statement is disposed of.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="names">Names of its parameters, in the order in which their values will be given.</param>
    public PreparedWrite(SqliteConnection connection, string sql, IEnumerable<string> names)
    {
        _file = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_file, sql, out _statement));
        _places = [.. names.Select(name => raw.sqlite3_bind_parameter_index(_statement, name))];
    }

    /// <exception cref="SqliteException">It could not be executed.</exception>
    public void Execute(ReadOnlySpan<(string Name, object Value)> parameters)
    {
        try
        {
            for (int i = 0; i < parameters.Length; i++) Check(Bind(_places[i], parameters[i].Value));
            int result = raw.sqlite3_step(_statement);
            if (result != raw.SQLITE_DONE) Check(result);
        }
        finally
        {
            // Its result is that of the step, which has been looked at.
            _ = raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int place, object value) => value switch
    {
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        bool isSo => raw.sqlite3_bind_int64(_statement, place, isSo ? 1 : 0),
        double number => raw.sqlite3_bind_double(_statement, place, number),
        string text => raw.sqlite3_bind_text(_statement, place, text),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        DBNull => raw.sqlite3_bind_null(_statement, place),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "The run's file has no such type."),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _file);
}
