using LoptCluster.Coordinator.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Web;

/// <summary>The page that a person watches a run on, and its data under /api.</summary>
internal static class LivePage
{
    public static IServiceCollection AddLivePage(this IServiceCollection services) => services
        .AddPageAssets()
        .AddSingleton<RequestGuard>()
        .AddSingleton<RunRecord>()
        .AddSingleton<LiveStream>()
        .AddSingleton<RunApi>()
        .AddSingleton<ThetaApi>()
        .AddSingleton<OperatorApi>();

    /// <summary>The page itself is open: it holds nothing of the run. Its data needs a reader, its buttons an operator.</summary>
    /// <returns>Group of all endpoints, for conventions that apply to each.</returns>
    public static IEndpointConventionBuilder MapLivePage(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var guard = services.GetRequiredService<RequestGuard>();
        var (run, theta, operate) = (
            services.GetRequiredService<RunApi>(), services.GetRequiredService<ThetaApi>(), services.GetRequiredService<OperatorApi>());
        var page = endpoints.MapGroup("");
        page.MapPageAssets();
        Read("live", services.GetRequiredService<LiveStream>().ServeAsync);
        Read("run", run.RunAsync);
        Read("status", run.StatusAsync);
        Read("history", run.HistoryAsync);
        Read("workers", run.WorkersAsync);
        Read("theta", theta.ListAsync);
        Read("theta/{version}/theta.safetensors", theta.FileAsync);
        Read("theta/{version}/theta.card.json", theta.CardAsync);
        Operate("pause", operate.PauseAsync);
        Operate("resume", operate.ResumeAsync);
        Operate("drain", operate.DrainAsync);
        return page;

        void Read(string path, RequestDelegate handler) =>
            page.MapGet($"/api/{path}", guard.Around(handler)).RequireAuthorization(Roles.Reader);
        void Operate(string path, RequestDelegate handler) =>
            page.MapPost($"/api/{path}", guard.Around(handler)).RequireAuthorization(Roles.Operator);
    }
}
