using System.Diagnostics;
using LoptCluster.Cli.Processes;
using LoptCluster.Shared;
using Xunit;

namespace LoptCluster.Cli.Tests.Processes;

/// <summary>With small shell scripts as children.</summary>
public sealed class ChildKeeperTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _log = Path.GetTempFileName();

    public void Dispose() => File.Delete(_log);

    [Fact]
    public async Task Stop_ChildThatWatchesItsInput_EndsWithoutBeingKilled()
    {
        var started = new TaskCompletionSource();
        var keeper = Keep("echo ready; cat >/dev/null; echo bye >&2", _ => started.TrySetResult());
        await started.Task.WaitAsync(Patience);

        keeper.Stop();

        await keeper.Ended.WaitAsync(Patience);
        Assert.Contains("bye", await File.ReadAllTextAsync(_log));
    }

    [Fact]
    public async Task Ended_ChildDies_IsStartedAgain()
    {
        int starts = 0;
        var second = new TaskCompletionSource();
        var keeper = Keep("echo ready; [ -e " + _log + ".second ] && cat; touch " + _log + ".second; exit 1", _ =>
        {
            if (Interlocked.Increment(ref starts) == 2) second.TrySetResult();
        });

        await second.Task.WaitAsync(Patience);

        keeper.Stop();
        await keeper.Ended.WaitAsync(Patience);
        File.Delete(_log + ".second");
        Assert.Equal(1, keeper.Restarts);
    }

    [Fact]
    public async Task Ended_ChildRefuses_FailsWithItsLastLine()
    {
        var keeper = Keep("echo first >&2; echo 'no such dataset' >&2; exit 2");

        var error = await Assert.ThrowsAsync<UserErrorException>(() => keeper.Ended.WaitAsync(Patience));
        Assert.Equal("no such dataset", error.Message);
    }

    [Fact]
    public async Task Kill_ChildThatListensToNothing_Ends()
    {
        var started = new TaskCompletionSource();
        var keeper = Keep("trap '' TERM; echo ready; sleep 60", _ => started.TrySetResult());
        await started.Task.WaitAsync(Patience);

        keeper.Kill();

        await keeper.Ended.WaitAsync(Patience);
        Assert.Null(keeper.ProcessId);
    }

    private ChildKeeper Keep(string script, Action<string>? onLine = null) => new(
        "child", () => new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script } }, _log, onLine);
}
