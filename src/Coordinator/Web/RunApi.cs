using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>The run as JSON, for the page and for clients without gRPC.</summary>
internal sealed class RunApi(StatusBoard board, RunContext run, RunTag tag, RunRecord record, TokenRegister tokens, TimeProvider time)
{
    public Task RunAsync(HttpContext context) =>
        Answers.SendAsync(context, RunView.Of(run, tag, context.User.IsInRole(Roles.Operator), tokens.Any), PageJson.Default.RunView);

    public Task StatusAsync(HttpContext context) =>
        Answers.SendAsync(context, StatusView.Of(board.Current, time.GetUtcNow()), PageJson.Default.StatusView);

    public Task HistoryAsync(HttpContext context) => Answers.SendAsync(context, record.History(), PageJson.Default.HistoryView);

    /// <summary>?search=TEXT &amp;state=STATE &amp;sort=COLUMN &amp;descending=true &amp;offset=N &amp;limit=N</summary>
    public Task WorkersAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var request = new WorkerQuery(
            query["search"].ToString().Trim(), query["state"].ToString(), query["sort"].ToString(), query["descending"] == "true",
            Number(query["offset"], 0, int.MaxValue), Number(query["limit"], 25, 200));
        return Answers.SendAsync(context, request.Select(board.Current.Workers), PageJson.Default.WorkersView);
    }

    /// <summary>A number of the query, in bounds.</summary>
    internal static int Number(string? text, int otherwise, int most) =>
        int.TryParse(text, out int number) ? Math.Clamp(number, 0, most) : otherwise;
}
