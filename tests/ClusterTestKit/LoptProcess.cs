using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LoptCluster.ClusterTestKit;

/// <summary>A real <c>lopt</c> process, killed with the test.</summary>
public sealed partial class LoptProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Func<string, bool> _takes;

    private LoptProcess(Process process, Func<string, bool> takes) => (_process, _takes) = (process, takes);

    public int Id => _process.Id;

    /// <summary>Everything that the process has printed so far, on both streams.</summary>
    public string Output => string.Join('\n', _lines);

    public static LoptProcess Start(params string[] arguments) => Start(arguments, new Dictionary<string, string>());

    public static LoptProcess Start(string[] arguments, IReadOnlyDictionary<string, string> environment) =>
        Start(arguments, environment, _ => false);

    /// <param name="arguments">Arguments of <c>lopt</c>.</param>
    /// <param name="environment">Environment variables, on top of the test's own.</param>
    /// <param name="takes">Reads each line that is printed; the lines for which it answers true are not kept.</param>
    /// <param name="within">A command that becomes the program that its last arguments name, such as nsenter; empty: none.</param>
    public static LoptProcess Start(
        string[] arguments, IReadOnlyDictionary<string, string> environment, Func<string, bool> takes, params string[] within)
    {
        string[] command = [.. within, "dotnet", Path.Combine(AppContext.BaseDirectory, "lopt.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A process of a test ends before what profiling its code costs can pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Start(start, takes);
    }

    /// <summary>Starts another program as <c>lopt</c>; <paramref name="start"/> must redirect both streams.</summary>
    public static LoptProcess Start(ProcessStartInfo start) => Start(start, _ => false);

    private static LoptProcess Start(ProcessStartInfo start, Func<string, bool> takes)
    {
        var process = new Process { StartInfo = start };
        var self = new LoptProcess(process, takes);
        process.OutputDataReceived += (_, e) => self.AddLine(e.Data);
        process.ErrorDataReceived += (_, e) => self.AddLine(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return self;
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>.</summary>
    public async Task<string> LineAsync(string text) => (await LinesAsync(text, 1))[0];

    /// <summary>Waits for that many lines that contain <paramref name="text"/>.</summary>
    public async Task<string[]> LinesAsync(string text, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            string[] found = [.. _lines.Where(l => l.Contains(text, StringComparison.Ordinal))];
            if (found.Length >= count) return found;
            ThrowIfExited(text);
            if (limit.IsCancellationRequested) throw new TimeoutException($"No line contained '{text}' within {Patience}:\n{Output}");
            // A second at most: the end of the process wakes no waiter.
            await _changed.WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>, and returns the URL in it.</summary>
    public async Task<Uri> UrlAsync(string text)
    {
        string line = await LineAsync(text);
        return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(' ', '"')[0]);
    }

    /// <summary>Sends SIGKILL: nothing is flushed, and no goodbye is sent.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGSTOP: the process stands, its connections stay open.</summary>
    public void Suspend() => _ = Kill(_process.Id, 19);

    /// <summary>Sends SIGCONT to a process that still is.</summary>
    public void Continue()
    {
        if (!_process.HasExited) _ = Kill(_process.Id, 18);
    }

    /// <summary>Sends SIGTERM and returns the exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        _ = Kill(_process.Id, 15);
        return await ExitAsync();
    }

    public Task<int> ExitAsync() => ExitAsync(Patience);

    /// <summary>Waits for the end of the process and returns the exit status.</summary>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end within {patience}:\n{Output}");
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    private void ThrowIfExited(string text)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException(
                $"The process ended with exit status {_process.ExitCode} before it printed '{text}':\n{Output}");
        }
    }

    private void AddLine(string? line)
    {
        if (line is null || _takes(line)) return;
        _lines.Enqueue(line);
        _changed.Release();
    }
}
