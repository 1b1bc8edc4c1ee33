using System.CommandLine;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Hosting.Health;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt health</c>: one question to a health port, for container health checks and scripts.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(CliEnvironment environment)
    {
        var address = new Argument<string>("ADDR")
        {
            Description = "A coordinator's or worker's --health port.",
            DefaultValueFactory = _ => Defaults.Health,
        };
        var ready = new Option<bool>("--ready") { Description = "Ask whether it is ready (takes workers; has joined its coordinator) instead of alive." };
        var command = new Command("health", "Ask a coordinator or worker whether it is well; status 0: yes, 1: no.") { address, ready };
        command.SetAction((parsed, cancellation) => AskAsync(
            parsed.GetRequiredValue(address), parsed.GetValue(ready) ? ProgramHealth.Ready : ProgramHealth.Alive, environment, cancellation));
        return command.WithExamples("lopt health", "lopt health 10.0.0.7:5319 --ready");
    }

    private static async Task<int> AskAsync(string address, string service, CliEnvironment environment, CancellationToken cancellation)
    {
        using var channel = Channel(address);
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest { Service = service }, deadline: environment.Time.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellation);
            if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving) return 0;
            environment.Error.WriteLine($"{address}: {(service == ProgramHealth.Ready ? "not ready" : "not well")}");
        }
        catch (RpcException e)
        {
            environment.Error.WriteLine($"{address}: {InWords(e)}");
        }

        return ExitStatus.Negative;
    }

    private static string InWords(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => "nothing answers there; was it started with --health?",
        StatusCode.DeadlineExceeded => "no answer in time",
        StatusCode.Unimplemented or StatusCode.Internal => "what answers there is no health port",
        _ => e.Status.Detail,
    };

    private static GrpcChannel Channel(string address)
    {
        if (!Uri.TryCreate("http://" + address, UriKind.Absolute, out var uri) || uri.Host == "" || address.Contains('/'))
            throw new Shared.UserErrorException($"{address}: is no address of a health port; write host:port");
        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Patience }, DisposeHttpClient = true });
    }
}
