using System.Diagnostics;

namespace LoptCluster.Cli.Processes;

/// <summary>One run of a child: its standard error goes to a log file, the lines of its standard output to the caller.</summary>
/// <remarks>Owns the process and the write end of its standard input, whose closing asks it to stop (<see cref="ParentWatch"/>).</remarks>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan LastWordsTimeout = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly Task _readers;
    private readonly StreamWriter _log;
    private string _lastErrorLine = "";
    private bool _disposed;

    private ChildProcess(Process process, string logFile, Action<string> onOutputLine)
    {
        _process = process;
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _readers = Task.WhenAll(ReadAsync(process.StandardOutput, onOutputLine), ReadAsync(process.StandardError, LogLine));
    }

    public int Id => _process.Id;

    /// <summary>The last line of its standard error: what it died of.</summary>
    public string LastErrorLine => Volatile.Read(ref _lastErrorLine);

    public static ChildProcess Start(ProcessStartInfo start, string logFile, Action<string> onOutputLine)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        return new ChildProcess(Process.Start(start)!, logFile, onOutputLine);
    }

    /// <summary>Completes with the exit status once the process has ended and all it said has been read.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();

        // Not for ever: a process that the child started may live on and hold its output open.
        await Task.WhenAny(_readers, Task.Delay(LastWordsTimeout));
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It is gone already.
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        lock (_log)
        {
            _disposed = true;
            _log.Dispose();
        }
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line) onLine(line);
    }

    private void LogLine(string line)
    {
        if (line.Trim() is { Length: > 0 } text) Volatile.Write(ref _lastErrorLine, text);
        lock (_log)
        {
            if (!_disposed) _log.WriteLine(line);
        }
    }
}
