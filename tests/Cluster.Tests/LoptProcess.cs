using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LoptCluster.Cluster.Tests;

/// <summary>A real <c>lopt</c> process. Killed with the test.</summary>
internal sealed partial class LoptProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly SemaphoreSlim _changed = new(0);

    private LoptProcess(Process process) => _process = process;

    /// <summary>Everything that it printed so far, both streams.</summary>
    public string Output => string.Join('\n', _lines);

    public static LoptProcess Start(params string[] arguments) => Start(arguments, new Dictionary<string, string>());

    public static LoptProcess Start(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "lopt.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Start(start);
    }

    /// <summary>Another program that is <c>lopt</c>; <paramref name="start"/> redirects both streams.</summary>
    public static LoptProcess Start(ProcessStartInfo start)
    {
        var process = new Process { StartInfo = start };
        var self = new LoptProcess(process);
        process.OutputDataReceived += (_, e) => self.Note(e.Data);
        process.ErrorDataReceived += (_, e) => self.Note(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return self;
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_lines.FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal)) is { } line) return line;
            Assert_Running(text);
            await _changed.WaitAsync(TimeSpan.FromSeconds(1), limit.Token).ContinueWith(t => t, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (limit.IsCancellationRequested) throw new TimeoutException($"No line with '{text}' in:\n{Output}");
        }
    }

    /// <summary>SIGKILL: nothing is flushed, nobody says goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>Exit status.</returns>
    public async Task<int> TerminateAsync()
    {
        _ = Kill(_process.Id, 15);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process does not end:\n{Output}");
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

    private void Assert_Running(string text)
    {
        if (_process.HasExited) throw new InvalidOperationException($"The process ended with {_process.ExitCode} before it said '{text}':\n{Output}");
    }

    private void Note(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        _changed.Release();
    }
}
