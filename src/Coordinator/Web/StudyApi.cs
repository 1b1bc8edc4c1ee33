using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Reporting;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>The runs of a study compared, as the body of a page that is asked for again and again.</summary>
internal sealed class StudyApi(CoordinatorOptions options, RunHosts runs, TimeProvider time)
{
    /// <summary>Composing it reads the files of all runs: many watchers share one.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string _body = "";
    private DateTimeOffset _composedAt;

    public async Task CompareAsync(HttpContext context)
    {
        PageHeaders.Private(context.Response);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(Body(), context.RequestAborted);
    }

    private string Body()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now - _composedAt < Freshness) return _body;
            _composedAt = now;
            return _body = options.Study!.Compare(RunStandings.Of(runs));
        }
    }
}
