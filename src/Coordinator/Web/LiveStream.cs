using System.Text.Json;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>GET /api/live: server-sent events, all at first, then what is new each second. A command of an operator shows at once.</summary>
internal sealed class LiveStream(
    StatusBoard board, ThetaBoard theta, RunContext run, RunRecord record, CoordinatorTokens tokens, ServingLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Within a second: a change of state is worth an event of its own.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    public async Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        PageHeaders.Private(response);
        response.ContentType = "text/event-stream";
        // For proxies that would keep the events until the end.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var until = lifetime.Within(context.RequestAborted);
        using var timer = new PeriodicTimer(Glance, time);
        var mark = default(RecordMark);
        RunView? first = RunView.Of(run, context.User.IsInRole(Roles.Operator), tokens.Any);
        var (sentAt, state) = (DateTimeOffset.MinValue, RunState.Unspecified);
        try
        {
            do
            {
                var (status, now) = (board.Current, time.GetUtcNow());
                if (now - sentAt < Interval && status.State == state) continue;
                (sentAt, state) = (now, status.State);
                var (history, evaluations) = record.Since(ref mark, status.BestVersion);
                NoticeView[] notices = [.. status.Notices.Select(NoticeView.Of)];
                var parts = ThetaPartsView.Of(run.Specification.Optimizer, theta.Current);
                await WriteAsync(response, new LiveEvent(first, StatusView.Of(status, now), notices, history, evaluations, parts), until.Token);
                first = null;
            }
            while (await timer.WaitForNextTickAsync(until.Token));
        }
        catch (OperationCanceledException)
        {
            // The reader went away, or the coordinator stops: the page says so by itself.
        }
    }

    private static async Task WriteAsync(HttpResponse response, LiveEvent live, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(live, PageJson.Default.LiveEvent);
        await response.Body.WriteAsync("data: "u8.ToArray(), cancellation);
        await response.Body.WriteAsync(json, cancellation);
        await response.Body.WriteAsync("\n\n"u8.ToArray(), cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
