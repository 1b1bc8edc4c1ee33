using LoptCluster.Coordinator.Run;
using LoptCluster.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Hosts;

/// <summary>A run that this process serves, with services of its own: its folder, its loop and its θ.</summary>
internal sealed class RunHost(string name, IHost host) : IAsyncDisposable
{
    private readonly RunFailure _failure = host.Services.GetRequiredService<RunFailure>();
    private readonly NeedBoard _needs = host.Services.GetRequiredService<NeedBoard>();
    private Task _ended = Task.CompletedTask;

    /// <summary>Name within the process; "" if it serves no other run.</summary>
    public string Name => name;

    public RunContext Run { get; } = host.Services.GetRequiredService<RunContext>();

    public IServiceProvider Services => host.Services;

    public Exception? Failure => _failure.Exception;

    /// <summary>Its loop has ended: it serves what it has, and takes nothing.</summary>
    public bool HasEnded { get; private set; }

    public RunNeed Need => HasEnded || Failure is not null ? new RunNeed(0, IsOver: true) : _needs.Current;

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Brings the run to where its file stands, and starts its loop.</summary>
    /// <param name="onEnd">Called when the loop has ended, whatever the reason.</param>
    /// <param name="cancellation">Cancels the start.</param>
    public async Task StartAsync(Action onEnd, CancellationToken cancellation)
    {
        await host.StartAsync(cancellation);
        _ended = EndAsync(onEnd);
    }

    /// <summary>Drains the run and ends its loop.</summary>
    public Task StopAsync()
    {
        Get<IHostApplicationLifetime>().StopApplication();
        return _ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }

    private async Task EndAsync(Action onEnd)
    {
        try
        {
            await host.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            _failure.Exception ??= e;
        }

        // What an operator can mend is said in a sentence; the rest needs the trace.
        if (Failure is { } failure)
            HostLog.RunFailed(Get<ILogger<RunHost>>(), failure.Message, failure is UserErrorException ? null : failure);
        HasEnded = true;
        onEnd();
    }
}

/// <summary>Log messages of the runs of a process.</summary>
internal static partial class HostLog
{
    [LoggerMessage(15, LogLevel.Error, "The run failed: {Reason}")]
    public static partial void RunFailed(ILogger logger, string reason, Exception? failure);
}
