using System.Threading.Channels;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Sessions;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>What an operator may ask for. Answers once it is carried out.</summary>
internal sealed class OperatorApi(RunQueue queue, StatusBoard board)
{
    public Task PauseAsync(HttpContext context) => AskAsync(context, new PauseRequested(true));

    public Task ResumeAsync(HttpContext context) => AskAsync(context, new PauseRequested(false));

    public Task DrainAsync(HttpContext context) =>
        AskAsync(context, new DrainRequested("an operator asked for it on the page", StopProcess: true));

    private async Task AskAsync(HttpContext context, Command command)
    {
        try
        {
            await queue.Writer.WriteAsync(command, context.RequestAborted);
            await command.Done.Task.WaitAsync(context.RequestAborted);
            await Answers.SendAsync(context, new StateView(PageWords.Of(board.Current.State)), PageJson.Default.StateView);
        }
        catch (ChannelClosedException)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The coordinator is stopping.");
        }
    }
}
