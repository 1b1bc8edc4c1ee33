using System.Collections.Concurrent;
using System.Diagnostics;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>This test's program again, as <c>lopt</c> with the tests' modules. Killed with the test.</summary>
internal sealed class TorchProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];

    private TorchProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _lines);

    /// <param name="variable">Of the environment, on top of the test's.</param>
    public static TorchProcess Start((string Name, string Value)? variable, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        if (variable is { } v) start.Environment[v.Name] = v.Value;
        // No half a gigabyte of core for a crash that is wanted.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        var self = new TorchProcess(new Process { StartInfo = start });
        self._process.OutputDataReceived += (_, e) => self.Note(e.Data);
        self._process.ErrorDataReceived += (_, e) => self.Note(e.Data);
        self._process.Start();
        self._process.BeginOutputReadLine();
        self._process.BeginErrorReadLine();
        return self;
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!limit.IsCancellationRequested)
        {
            if (_lines.FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal)) is { } line) return line;
            if (_process.HasExited && !_lines.Any(l => l.Contains(text, StringComparison.Ordinal))) throw new InvalidOperationException($"The process ended with {_process.ExitCode} before it said '{text}':\n{Output}");
            await Task.Delay(20, CancellationToken.None);
        }

        throw new TimeoutException($"No line with '{text}' in:\n{Output}");
    }

    /// <returns>Exit status.</returns>
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

    private void Note(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
