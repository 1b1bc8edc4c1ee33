using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Hosts;

/// <summary>Loggers of one run among several: the category ends with its name.</summary>
internal sealed class NamedLoggers(ILoggerFactory process, string run) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => process.CreateLogger(run.Length > 0 ? $"{categoryName} of {run}" : categoryName);

    public void AddProvider(ILoggerProvider provider) => process.AddProvider(provider);

    public void Dispose()
    {
        // The process owns its loggers.
    }
}
