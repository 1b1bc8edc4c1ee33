namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>Why the run loop died, for the program to say.</summary>
internal sealed class RunFailure
{
    public Exception? Exception { get; set; }
}
