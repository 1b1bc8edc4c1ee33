using System.Runtime.CompilerServices;
using System.Text.Json;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>
/// Server-sent events of GET /api/live: everything at first, then what is new each second, and at once after a change of state.
/// </summary>
internal sealed class LiveStream(
    StatusBoard board, ThetaBoard theta, RunContext run, RunTag tag, RunRecord record, TokenRegister tokens, ServingLifetime lifetime,
    TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Time between two looks at the state, whose change is worth an event within the second.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    public async Task ServeAsync(HttpContext context)
    {
        PageHeaders.Private(context.Response);
        // For proxies that would keep the events until the end.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            var events = EventsAsync(context.User.IsInRole(Roles.Operator), context.RequestAborted);
            await TypedResults.ServerSentEvents(events).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has disconnected.
        }
    }

    /// <summary>The events as JSON, until the coordinator stops: the last shows where the run stands then.</summary>
    /// <param name="mayOperate">The reader has the operator's role.</param>
    /// <param name="caller">Cancelled when the reader disconnects.</param>
    private async IAsyncEnumerable<string> EventsAsync(bool mayOperate, [EnumeratorCancellation] CancellationToken caller)
    {
        using var timer = new PeriodicTimer(Glance, time);
        var mark = default(RecordMark);
        RunView? first = RunView.Of(run, tag, mayOperate, tokens.Any);
        var (sentAt, state) = (DateTimeOffset.MinValue, RunState.Unspecified);
        for (bool isLast = false; !isLast; await lifetime.WaitAsync(timer, caller))
        {
            isLast = lifetime.IsOver;
            var (status, now) = (board.Current, time.GetUtcNow());
            if (now - sentAt < Interval && status.State == state) continue;
            (sentAt, state) = (now, status.State);
            yield return JsonSerializer.Serialize(Event(first, status, now, ref mark), PageJson.Default.LiveEvent);
            first = null;
        }
    }

    private LiveEvent Event(RunView? first, Status status, DateTimeOffset now, ref RecordMark mark)
    {
        var (history, evaluations) = record.Since(ref mark, status.BestVersion);
        NoticeView[] notices = [.. status.Notices.Select(NoticeView.Of)];
        var parts = ThetaPartsView.Of(run.Specification.Optimizer, theta.Current);
        var best = ThetaPartsView.OfBest(run.Specification, status);
        return new LiveEvent(first, StatusView.Of(status, now), notices, history, evaluations, parts, best);
    }
}
