using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator;

/// <summary>A run of a study, as it is served.</summary>
/// <param name="Name">Unique in the study; a part of paths.</param>
/// <param name="RunDirectory">Folder of the run. Holds run.db.</param>
/// <param name="Specification">The specification that it has, or is to have.</param>
/// <param name="Failure">Why it must not be opened; "": it may.</param>
public sealed record StudyRunOptions(string Name, string RunDirectory, RunSpecification Specification, string Failure = "");
