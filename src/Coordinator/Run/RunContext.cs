using System.Collections.Immutable;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>Which run this is. Immutable.</summary>
/// <remarks>Workers compare the specification's hash. A prolonged run keeps both: what its plans change travels with θ.</remarks>
internal sealed record RunContext(
    string RunId, RunSpecification Specification, string SpecificationJson, string SpecificationHash, RunLineage Lineage)
{
    public const string RunIdKey = "run_id";
    public const string SpecificationKey = "specification";
    public const string EngineVersionKey = "engine_version";
    public const string FingerprintKey = "dataset_fingerprint";
    public const string LayoutKey = "layout_fingerprint";
    public const string SecondsKey = "seconds";
    public const string PausedKey = "paused";

    /// <summary>Key of the baselines that the run compares θ with, as JSON.</summary>
    public const string BaselinesKey = "baselines";

    /// <summary>Key of the draw of the problems that are audited: known to the run alone.</summary>
    public const string AuditKeyKey = "audit_key";

    /// <summary>Full path or theta:NAME that --from named, and the origin that was found there, as JSON.</summary>
    public const string FromKey = "from", OriginKey = "origin";

    /// <summary>What the run compares θ with, if that is all it does; otherwise none.</summary>
    public ImmutableArray<Baseline> Baselines { get; init; } = [];

    /// <summary>Outer-updates of the whole run, as its newest plan has them.</summary>
    public long OuterUpdates => Lineage.Plans.Newest.OuterUpdates;

    /// <summary>The run of a specification.</summary>
    public static RunContext Of(string runId, RunSpecification specification, RunLineage lineage, ImmutableArray<Baseline> baselines)
    {
        string json = Shared.Specification.SpecificationJson.Serialize(specification);
        return new RunContext(runId, specification, json, Shared.Specification.SpecificationJson.Hash(specification), lineage)
        {
            Baselines = baselines,
        };
    }
}
