using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.Wire;

namespace LoptCluster.Coordinator.Store;

/// <summary>Writes the parts of a comparison; each is part of the open transaction of the <see cref="RunWriter"/>.</summary>
internal static class ComparisonWriter
{
    /// <param name="writer">The run's writer.</param>
    /// <param name="task">Index of the task.</param>
    /// <param name="optimizer">0: θ; i + 1: baseline i.</param>
    /// <param name="result">The result.</param>
    /// <param name="worker">Who computed it.</param>
    /// <param name="seconds">Time that it took.</param>
    public static void Add(RunWriter writer, int task, int optimizer, PartResult result, string worker, double seconds)
    {
        var l = result.Losses;
        byte[] losses = DoubleBytes.Pack([l.TrainMean, l.TrainFinal, l.ValidMean, l.ValidFinal, l.TrainAccuracy, l.ValidAccuracy]);
        byte[] train = FloatBytes.ToArray(result.TrainCurve), valid = FloatBytes.ToArray(result.ValidCurve);
        writer.Execute(
            "INSERT INTO comparison_parts VALUES ($task, $optimizer, $losses, $setting, $train, $valid, $worker, $seconds, $checksum)",
            ("$task", task), ("$optimizer", optimizer), ("$losses", losses), ("$setting", result.Setting), ("$train", train),
            ("$valid", valid), ("$worker", worker), ("$seconds", seconds),
            ("$checksum", Checksums.OfPart(task, optimizer, losses, result.Setting, train, valid)));
    }
}
