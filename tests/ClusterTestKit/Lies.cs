using LoptCluster.Protocol.V1;

namespace LoptCluster.ClusterTestKit;

/// <summary>Flips the lowest bit of one number in one of so many samples of a worker: of L+, and of an element of g_rp, in turn.</summary>
/// <param name="oneIn">Samples from lie to lie.</param>
/// <param name="about">Which samples of a worker's messages it lies about; null: those that it computes for the run.</param>
public sealed class Lies(int oneIn, Func<WorkerMessage, Sample?>? about = null)
{
    private readonly Func<WorkerMessage, Sample?> _about = about ?? (message => message.Sample);

    /// <summary>Samples that have passed, changed or not.</summary>
    public long Samples { get; private set; }

    /// <summary>Those that were changed.</summary>
    public long Told { get; private set; }

    /// <summary>Lies about samples that the worker computes again for others.</summary>
    public static Lies AboutAudits(int oneIn) => new(oneIn, message => message.AuditResult?.Sample);

    public void Change(WorkerMessage message)
    {
        if (_about(message) is not { } sample || ++Samples % oneIn != 0) return;
        Told++;
        var values = sample.Gradients.FirstOrDefault()?.Values;
        if (values is not { Count: > 0 } || Told % 2 == 0) sample.Losses[0] = Flip(sample.Losses[0]);
        else values[(int)(Samples % values.Count)] = Flip(values[(int)(Samples % values.Count)]);
    }

    private static double Flip(double value) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) ^ 1);

    private static float Flip(float value) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) ^ 1);
}
