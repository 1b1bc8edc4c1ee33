using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Worker.Assignments;

/// <summary>Decides which θ a problem's next sample waits for: the only difference between the run modes in a worker.</summary>
internal abstract class ThetaGate
{
    public static ThetaGate For(RunMode mode) => mode switch
    {
        RunMode.Asynchronous or RunMode.Search or RunMode.Comparison => new AnyTheta(),
        RunMode.Synchronous => new NextTheta(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no gate for this run mode."),
    };

    /// <summary>The earliest version of θ at which the sample that follows <paramref name="sample"/> may be computed.</summary>
    public abstract long EarliestVersionAfter(GradientSample sample);

    private sealed class AnyTheta : ThetaGate
    {
        public override long EarliestVersionAfter(GradientSample sample) => 0;
    }

    /// <summary>A lane gives one sample per outer-update.</summary>
    private sealed class NextTheta : ThetaGate
    {
        public override long EarliestVersionAfter(GradientSample sample) => sample.ThetaVersion + 1;
    }
}
