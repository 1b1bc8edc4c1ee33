using System.Diagnostics;

namespace LoptCluster.Cli.Processes;

/// <summary>One run of a child: its standard error goes to a log file, the lines of its standard output to the caller.</summary>
/// <remarks>Owns the process and the write end of its standard input, whose closing asks it to stop (<see cref="ParentWatch"/>).</remarks>
internal sealed class ChildProcess : IDisposable
{
    internal static readonly TimeSpan LastLinesTimeout = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly Task _readers;
    private readonly StreamWriter _log;
    private readonly TimeProvider _time;
    private string _lastErrorLine = "";
    private bool _disposed;

    private ChildProcess(Process process, string logFile, TimeProvider time, Action<string> onOutputLine)
    {
        _time = time;
        _process = process;
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _readers = Task.WhenAll(ReadAsync(process.StandardOutput, onOutputLine), ReadAsync(process.StandardError, LogLine));
    }

    public int Id => _process.Id;

    /// <summary>Last non-blank line of standard error, which usually names the cause of a failure.</summary>
    public string LastErrorLine => Volatile.Read(ref _lastErrorLine);

    public static ChildProcess Start(ProcessStartInfo start, string logFile, TimeProvider time, Action<string> onOutputLine)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        return new ChildProcess(Process.Start(start)!, logFile, time, onOutputLine);
    }

    /// <summary>Completes with the exit status once the process has ended and all its output has been read.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();

        // With a time limit: a process started by the child may outlive it and hold its output open.
        await _readers.WaitAsync(LastLinesTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.ExitCode;
    }

    /// <summary>Asks the process to stop.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has ended already.
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
            // The process has ended already.
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
