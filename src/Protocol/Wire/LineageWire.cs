using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Protocol.Wire;

/// <summary>Maps the lineage of a run between our records and the protocol.</summary>
public static class LineageWire
{
    public static V1.Lineage ToProto(RunLineage lineage)
    {
        var message = new V1.Lineage();
        if (lineage.Origin is { } origin)
        {
            message.Origin = new V1.Lineage.Types.Origin
            {
                File = origin.File,
                Sha256 = origin.Sha256,
                Version = origin.Version,
                RunId = origin.RunId,
                RunName = origin.RunName,
            };
        }

        message.Prolongations.AddRange(lineage.Plans.Prolongations.Select(p => new V1.Lineage.Types.Prolongation
        {
            FromVersion = p.FromVersion,
            OuterUpdates = p.OuterUpdates,
            TruncationSteps = p.Truncation.First,
            TruncationRampUpdates = p.Truncation.RampUpdates,
        }));
        return message;
    }

    /// <param name="message">As it arrived; null from a coordinator that sends none.</param>
    /// <param name="specification">The run, whose first plan and last truncation length are not sent.</param>
    public static RunLineage FromProto(V1.Lineage? message, RunSpecification specification)
    {
        var origin = message?.Origin is { } o ? new ThetaOrigin(o.File, o.Sha256, o.Version, o.RunId, o.RunName) : null;
        var prolongations = message?.Prolongations.Select(p => new OuterPlan(
            p.FromVersion,
            p.OuterUpdates,
            new TruncationSchedule(p.TruncationSteps, specification.TruncationLast, p.TruncationRampUpdates, p.FromVersion)));
        return new RunLineage(origin, OuterPlans.Of(specification, prolongations ?? []));
    }
}
