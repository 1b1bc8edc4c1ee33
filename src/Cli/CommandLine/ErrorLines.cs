using Grpc.Core;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Cli.CommandLine;

/// <summary>The only place that turns exceptions into error lines and an exit status.</summary>
internal static class ErrorLines
{
    /// <param name="environment">Standard error.</param>
    /// <param name="format">Format of the command's log, which its error lines have too.</param>
    /// <param name="command">The command.</param>
    /// <returns>Exit status.</returns>
    public static async Task<int> GuardAsync(CliEnvironment environment, LogFormat format, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException) when (environment.Stop.Token.IsCancellationRequested)
        {
            return ExitStatus.Interrupted;
        }
        catch (RpcException) when (environment.Stop.Token.IsCancellationRequested)
        {
            return ExitStatus.Interrupted;
        }
        catch (Exception e) when (Describe(e) is { } lines)
        {
            environment.Error.WriteLine(ProgramLine.Of(format, LogLevel.Critical, lines, environment.Time.GetUtcNow()));
            return ExitStatus.UserError;
        }
    }

    /// <summary>Message of an error that the user can fix; null for a defect of the program, which keeps its stack trace.</summary>
    private static string? Describe(Exception e) => e switch
    {
        UserErrorException => e.Message,
        RpcException rpc => OneLine(RpcErrors.Describe(rpc)),
        IOException or UnauthorizedAccessException => OneLine(e.Message),
        _ => null,
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
