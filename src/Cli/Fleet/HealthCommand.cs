using System.CommandLine;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Hosting.Listeners;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt health</c>: queries a health port once, for container health checks and scripts.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create(CliEnvironment environment)
    {
        var address = new Argument<string>("ADDR")
        {
            Description = "Address of a coordinator's or worker's --health port.",
            DefaultValueFactory = _ => Defaults.Health,
        };
        var ready = new Option<bool>("--ready")
        {
            Description = "Query readiness instead of liveness: a coordinator accepts workers, a worker has joined its coordinator.",
        };
        var command = new Command("health", "Check the health of a coordinator or worker. Exit status 0: healthy, 1: not.")
        {
            address, ready,
        };
        command.SetAction((parsed, cancellation) => CheckAsync(
            parsed.GetRequiredValue(address),
            parsed.GetValue(ready) ? ProgramHealth.Ready : ProgramHealth.Alive,
            environment,
            cancellation));
        return command.WithExamples("lopt health", "lopt health 10.0.0.7:5319 --ready");
    }

    private static async Task<int> CheckAsync(
        string address, string service, CliEnvironment environment, CancellationToken cancellation)
    {
        using var channel = Channel(address);
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest { Service = service },
                deadline: environment.Time.GetUtcNow().UtcDateTime + Timeout,
                cancellationToken: cancellation);
            if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving) return 0;
            environment.Error.WriteLine($"The process at '{address}' is not {(service == ProgramHealth.Ready ? "ready" : "healthy")}.");
        }
        catch (RpcException e)
        {
            environment.Error.WriteLine(Describe(address, e));
        }

        return ExitStatus.Negative;
    }

    private static string Describe(string address, RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => $"Nothing is listening at '{address}'. Was the process started with --health?",
        StatusCode.DeadlineExceeded => $"The process at '{address}' did not answer in time.",
        StatusCode.Unimplemented or StatusCode.Internal => $"The program at '{address}' does not serve the health service.",
        _ => $"The process at '{address}' answered: {e.Status.Detail.TrimEnd('.')}.",
    };

    private static GrpcChannel Channel(string address)
    {
        if (!Uri.TryCreate("http://" + address, UriKind.Absolute, out var uri) || uri.Host == "" || address.Contains('/'))
            throw new Shared.UserErrorException($"'{address}' is not an address and port. Example: {Defaults.Health}.");
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Timeout };
        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
