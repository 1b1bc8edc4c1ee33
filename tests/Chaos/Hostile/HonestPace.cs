using System.Diagnostics;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile;

/// <summary>Samples per second of the honest worker, which is the one that was there first.</summary>
internal sealed class HonestPace(Func<Operations.OperationsClient> operations)
{
    /// <summary>Samples until everything is compiled.</summary>
    private const int WarmSamples = 300;

    private string _worker = "";

    public async Task WarmUpAsync()
    {
        var status = await operations().StatusAsync(s => s.Workers.Count == 1 && s.Workers[0].Samples >= WarmSamples);
        _worker = status.Workers[0].WorkerId;
    }

    /// <summary>
    /// Lets the attackers send in every other window of time until they are done, so that what else the machine does meets both kinds of
    /// windows alike.
    /// </summary>
    /// <returns>Samples per second while they are silent, and while they send.</returns>
    public async Task<(double Silent, double Attacked)> CompareAsync(AttackGate gate, Task attack, TimeSpan window)
    {
        double[] samples = new double[2], seconds = new double[2];
        for (int turn = 0; !attack.IsCompleted || turn % 2 != 0; turn++)
        {
            gate.IsOpen = turn % 2 == 0;
            long before = await SamplesAsync();
            var watch = Stopwatch.StartNew();
            // The last window of an attack may be shorter; the silent one after it is as long as the others.
            await (gate.IsOpen ? Task.WhenAny(attack, Task.Delay(window)) : Task.Delay(window));
            seconds[turn % 2] += watch.Elapsed.TotalSeconds;
            samples[turn % 2] += await SamplesAsync() - before;
        }

        return (samples[1] / seconds[1], samples[0] / seconds[0]);
    }

    private async Task<long> SamplesAsync() =>
        (await operations().GetStatusAsync(new GetStatusRequest())).Workers.Single(w => w.WorkerId == _worker).Samples;
}
