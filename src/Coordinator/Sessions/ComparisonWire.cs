using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>Parts of comparisons in the protocol's form.</summary>
internal static class ComparisonWire
{
    public static ComparisonPart ToProto(ComparisonPartAssigned assigned)
    {
        var message = new ComparisonPart { PartId = assigned.PartId, Task = assigned.Task };
        if (assigned.Theta is { } theta) message.Theta = ThetaWire.ToProto(theta);
        else message.Baseline = ToProto(assigned.Baseline!);
        return message;
    }

    /// <param name="result">The message.</param>
    /// <param name="seconds">The time that it took, if plausible.</param>
    public static ComparisonPartReceived FromProto(ComparisonPartResult result, double seconds) => new(
        result.PartId, [.. result.Losses], result.Setting, [.. result.TrainCurve], [.. result.ValidCurve], seconds);

    private static ComparisonPart.Types.Baseline ToProto(Engine.Evaluation.Baseline baseline)
    {
        var message = new ComparisonPart.Types.Baseline
        {
            Family = baseline.Family.Name,
            TrainedWithJson = baseline.TrainedWith is { } trained ? SpecificationJson.Serialize(trained) : "",
        };
        foreach (float[] setting in baseline.Settings) message.Settings.Add(new ComparisonPart.Types.Setting { Values = { setting } });
        return message;
    }
}
