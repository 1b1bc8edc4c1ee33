using System.Globalization;
using System.Text;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LoptCluster.Coordinator.Web;

/// <summary>θ by version: what was evaluated, and every version's file and card, as <c>lopt pull</c> writes them.</summary>
internal sealed class ThetaApi(ThetaBoard board, RunContext run, RunReader reader, RunRecord record)
{
    private const string Average = "average";

    public Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var list = record.Versions(
            board.Current.Version,
            board.BestVersion ?? -1,
            RunApi.Number(query["offset"], 0, int.MaxValue),
            RunApi.Number(query["limit"], 10, 200));
        return Answers.SendAsync(context, list, PageJson.Default.ThetaListView);
    }

    public Task FileAsync(HttpContext context) => SendAsync(context, "safetensors", "application/octet-stream", ThetaFile.ToBytes);

    public Task CardAsync(HttpContext context) =>
        SendAsync(
            context, "card.json", "application/json", content => Encoding.UTF8.GetBytes(ThetaCard.ToJson(content, run.Specification)));

    private async Task SendAsync(HttpContext context, string ending, string type, Func<ThetaFileContent, byte[]> write)
    {
        string asked = (string?)context.GetRouteValue("version") ?? "";
        if (Find(asked) is not { } theta)
        {
            string error = asked switch
            {
                Average => ThetaService.NoAverage,
                "best" => "There is no best θ yet: none has been evaluated. Ask for the latest, or wait for the first evaluation.",
                _ => string.Create(
                    CultureInfo.InvariantCulture,
                    $"There is no θ version '{asked}'; this run has 0 to {board.Current.Version}, latest, best and average."),
            };
            await Answers.RefuseAsync(context, StatusCodes.Status404NotFound, error);
            return;
        }

        bool isAverage = asked == Average;
        byte[] body = write(ServedFiles.Content(run, theta, isAverage));
        PageHeaders.Private(context.Response);
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture,
            $"attachment; filename=\"theta-{(isAverage ? "average-" : "")}{run.RunId}-{theta.Version}.{ending}\"");
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private ThetaSnapshot? Find(string version) => version switch
    {
        "latest" => board.Current,
        Average => board.Average,
        "best" => board.BestVersion is { } best ? Stored(best) : null,
        _ => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? Stored(number) : null,
    };

    /// <summary>Never one that is not shown yet.</summary>
    private ThetaSnapshot? Stored(long version)
    {
        var current = board.Current;
        if (version == current.Version) return current;
        return version < current.Version ? reader.Theta(version) : null;
    }
}
