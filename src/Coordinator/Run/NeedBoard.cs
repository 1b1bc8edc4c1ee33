namespace LoptCluster.Coordinator.Run;

/// <summary>The run's need as the fleet sees it: written by the run loop, read from any thread.</summary>
internal sealed class NeedBoard
{
    private volatile RunNeed _current = new(0, IsOver: false);

    public RunNeed Current => _current;

    public void Publish(RunNeed need) => _current = need;
}
