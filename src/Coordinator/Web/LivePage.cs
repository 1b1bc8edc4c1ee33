using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Web;

/// <summary>The page that a person watches a run on, and its data under api. Runs of a study have theirs below /runs.</summary>
internal static class LivePage
{
    public static IServiceCollection AddLivePage(this IServiceCollection services) => services
        .AddPageAssets()
        .AddSingleton<StudyApi>()
        .AddSingleton<RequestGuard>();

    /// <summary>What the page of one run is made from.</summary>
    public static IServiceCollection AddRunPage(this IServiceCollection services) => services
        .AddSingleton<RunRecord>()
        .AddSingleton<LiveStream>()
        .AddSingleton<RunApi>()
        .AddSingleton<ThetaApi>()
        .AddSingleton<OperatorApi>();

    /// <summary>The page itself is open: it holds nothing of the run. Its data needs a reader, its buttons an operator.</summary>
    /// <returns>Group of all endpoints, for conventions that apply to each.</returns>
    public static IEndpointConventionBuilder MapLivePage(this IEndpointRouteBuilder endpoints)
    {
        var all = endpoints.MapGroup("");
        var services = endpoints.ServiceProvider;
        if (!services.GetRequiredService<RunHosts>().IsStudy)
        {
            MapRun(all);
            return all;
        }

        all.MapPageAssets("study.html");
        all.MapGet("/api/study", services.GetRequiredService<StudyApi>().CompareAsync).RequireAuthorization(Roles.Reader);
        MapRun(all.MapGroup($"/runs/{{{RunHosts.RouteValue}}}"));
        return all;
    }

    private static void MapRun(RouteGroupBuilder page)
    {
        var runs = ((IEndpointRouteBuilder)page).ServiceProvider.GetRequiredService<RunHosts>();
        page.MapPageAssets("index.html");
        Read<LiveStream>("live", live => live.ServeAsync);
        Read<RunApi>("run", run => run.RunAsync);
        Read<RunApi>("status", run => run.StatusAsync);
        Read<RunApi>("history", run => run.HistoryAsync);
        Read<RunApi>("workers", run => run.WorkersAsync);
        Read<ThetaApi>("theta", theta => theta.ListAsync);
        Read<ThetaApi>("theta/{version}/theta.safetensors", theta => theta.FileAsync);
        Read<ThetaApi>("theta/{version}/theta.card.json", theta => theta.CardAsync);
        Operate("pause", operate => operate.PauseAsync);
        Operate("resume", operate => operate.ResumeAsync);
        Operate("drain", operate => operate.DrainAsync);

        void Read<T>(string path, Func<T, RequestDelegate> handler)
            where T : notnull => page.MapGet($"/api/{path}", OfRun(runs, handler)).RequireAuthorization(Roles.Reader);
        void Operate(string path, Func<OperatorApi, RequestDelegate> handler) =>
            page.MapPost($"/api/{path}", OfRun(runs, handler)).RequireAuthorization(Roles.Operator);
    }

    /// <summary>The handler of the run that the path names.</summary>
    private static RequestDelegate OfRun<T>(RunHosts runs, Func<T, RequestDelegate> handler)
        where T : notnull => context =>
        {
            RunHost host;
            try
            {
                host = runs.Of(context);
            }
            catch (Shared.UserErrorException e)
            {
                return Answers.RefuseAsync(context, StatusCodes.Status404NotFound, e.Message);
            }

            return handler(host.Get<T>())(context);
        };
}
