using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store;

/// <summary>A worker whose samples were found wrong.</summary>
/// <param name="Worker">Its id.</param>
/// <param name="Host">Its machine.</param>
/// <param name="Since">When it was found wrong.</param>
/// <param name="Sample">The sample that shows it.</param>
/// <param name="Finding">Who says so, and by how much it was wrong; a sentence.</param>
/// <param name="Dropped">Samples that waited for a batch and were dropped.</param>
internal sealed record QuarantineRecord(
    string Worker, string Host, DateTimeOffset Since, SampleIdentity Sample, string Finding, int Dropped);
