using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.Wire;

namespace LoptCluster.Coordinator.Store;

/// <summary>Reads the parts of a comparison, beside the writer (WAL).</summary>
internal sealed class ComparisonReader(RunReader reader)
{
    /// <summary>The parts that have results.</summary>
    public IReadOnlyList<(int Task, int Optimizer)> Done() =>
        reader.Query("SELECT task, optimizer FROM comparison_parts", r => (r.GetInt32(0), r.GetInt32(1)));

    /// <summary>The results, by task and optimizer.</summary>
    public IReadOnlyDictionary<(int Task, int Optimizer), PartResult> Results() => reader.Query(
        "SELECT task, optimizer, losses, setting, train_curve, valid_curve FROM comparison_parts",
        r =>
        {
            double[] l = DoubleBytes.Unpack((byte[])r.GetValue(2));
            var losses = new InnerTrainingLosses(l[0], l[1], l[2], l[3]) { TrainAccuracy = l[4], ValidAccuracy = l[5] };
            return KeyValuePair.Create(
                (r.GetInt32(0), r.GetInt32(1)),
                new PartResult(
                    losses, FloatBytes.Unpack((byte[])r.GetValue(4)), FloatBytes.Unpack((byte[])r.GetValue(5)), r.GetInt32(3)));
        }).ToDictionary();
}
