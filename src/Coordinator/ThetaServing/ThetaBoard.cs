using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.ThetaServing;

/// <summary>θ as everyone but the run loop sees it: immutable, replaced whole after its update is durable.</summary>
/// <remarks>Written by the run loop alone; read without a lock from any thread.</remarks>
internal sealed class ThetaBoard
{
    private volatile State _state = new(
        new PublishedTheta(new ThetaSnapshot(-1, default), SamplePlan.All), null, null, double.NaN, false, NewSignal());

    public ThetaSnapshot Current => _state.Theta.Theta;

    /// <summary>The newest θ with what it asks of its samples.</summary>
    public PublishedTheta Published => _state.Theta;

    /// <summary>Average of θ up to the newest version; null: the run keeps none.</summary>
    public ThetaSnapshot? Average => _state.Average;

    /// <summary>Version with the lowest outer-train evaluation loss; null while there is none.</summary>
    public long? BestVersion => _state.BestVersion;

    /// <summary>That loss, NaN while there is none.</summary>
    public double BestLoss => _state.BestLoss;

    public void Publish(PublishedTheta theta, ThetaSnapshot? average = null) =>
        Replace(_state with { Theta = theta, Average = average, Changed = NewSignal() });

    public void PublishBest(long version, double loss) =>
        Replace(_state with { BestVersion = version, BestLoss = loss, Changed = NewSignal() });

    /// <summary>Whether the run has finished: the newest θ is the last.</summary>
    public bool IsFinished => _state.IsFinished;

    /// <summary>No θ will be published any more.</summary>
    public void Finish() => Replace(_state with { IsFinished = true, Changed = NewSignal() });

    /// <summary>Completes once θ is newer than <paramref name="version"/>, or the last; says whether it is the last.</summary>
    public async Task<(ThetaSnapshot Theta, bool IsLast)> NewerThanAsync(long version, CancellationToken cancellation)
    {
        while (true)
        {
            var state = _state;
            if (state.Theta.Version > version || state.IsFinished) return (state.Theta.Theta, state.IsFinished);
            await state.Changed.Task.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Replace(State next)
    {
        var old = _state;
        _state = next;
        old.Changed.TrySetResult();
    }

    private sealed record State(
        PublishedTheta Theta, ThetaSnapshot? Average, long? BestVersion, double BestLoss, bool IsFinished,
        TaskCompletionSource Changed);
}
