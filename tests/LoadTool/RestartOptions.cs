namespace LoptCluster.LoadTool;

/// <summary>A run that is killed and started again.</summary>
/// <param name="Samples">Durable samples before.</param>
/// <param name="BatchSamples">Samples of an outer-update.</param>
/// <param name="Streams">Workers, each with a stream and a connection of its own.</param>
/// <param name="Slots">Slots of a worker, each with an open problem.</param>
/// <param name="Repetitions">Restarts of each kind.</param>
/// <param name="Program">The lopt to start; null: the one that was built with this tool.</param>
/// <param name="IsSynchronous">Whether the run is synchronous: its problems are fixed, as many as a batch has samples.</param>
internal sealed record RestartOptions(
    long Samples, int BatchSamples, int Streams, int Slots, int Repetitions, string? Program, bool IsSynchronous);
