using LoptCluster.Coordinator.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Telemetry;

public sealed class CoordinatorLogTests
{
    [Theory]
    [InlineData(40, "Finished at outer-update 60 after 2.5 s of training; best is version 40")]
    [InlineData(0, "Finished at outer-update 60 after 2.5 s of training; best is version 0")]
    [InlineData(-1, "Finished at outer-update 60 after 2.5 s of training, without an evaluation")]
    public void Finished_BestVersionOrNone_IsSaidInWords(long best, string expected)
    {
        var lines = new Lines();

        CoordinatorLog.Finished(lines, version: 60, seconds: 2.5, best);

        Assert.Equal(expected, Assert.Single(lines.Written));
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
