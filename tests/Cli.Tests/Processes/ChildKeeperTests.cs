using System.Collections.Concurrent;
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

    [Fact]
    public async Task Ended_ChildKeepsDying_WaitsTwiceAsLongEachTimeUpToALimit()
    {
        var time = new ImpatientTime();
        var eighth = new TaskCompletionSource();
        int starts = 0;
        var keeper = new ChildKeeper(
            "child",
            () =>
            {
                if (++starts == 8) eighth.TrySetResult();
                return new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exit 1" } };
            },
            _log,
            time);

        await eighth.Task.WaitAsync(Patience);
        keeper.Stop();
        await keeper.Ended.WaitAsync(Patience);

        Assert.Equal(
            [0.5, 1, 2, 4, 8, 15, 15],
            time.Delays.Where(delay => delay != ChildProcess.LastLinesTimeout).Take(7).Select(delay => delay.TotalSeconds));
        Assert.Contains("died (status 1)", keeper.Remark);
    }

    [Fact]
    public async Task Ended_ChildDiesAfterAHealthyLife_BeginsWithTheFirstDelayAgain()
    {
        var time = new ImpatientTime { Step = TimeSpan.FromMinutes(1) };
        var fourth = new TaskCompletionSource();
        int starts = 0;
        var keeper = new ChildKeeper(
            "child",
            () =>
            {
                if (++starts == 4) fourth.TrySetResult();
                return new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exit 1" } };
            },
            _log,
            time);

        await fourth.Task.WaitAsync(Patience);
        keeper.Stop();
        await keeper.Ended.WaitAsync(Patience);

        Assert.Equal(
            [0.5, 0.5, 0.5],
            time.Delays.Where(delay => delay != ChildProcess.LastLinesTimeout).Take(3).Select(delay => delay.TotalSeconds));
    }

    private ChildKeeper Keep(string script, Action<string>? onLine = null) => new(
        "child", () => new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script } }, _log, TimeProvider.System, onLine);

    /// <summary>Ends every wait at once and records how long it would have been; each look at the clock moves it by a step.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan Step { get; init; }

        public ConcurrentQueue<TimeSpan> Delays { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, Step.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Delays.Enqueue(dueTime);
            return System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
    }
}
