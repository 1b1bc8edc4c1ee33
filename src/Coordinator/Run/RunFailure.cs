namespace LoptCluster.Coordinator.Run;

/// <summary>The exception that ended the run loop, for the program to report.</summary>
internal sealed class RunFailure
{
    public Exception? Exception { get; set; }
}
