namespace LoptCluster.LoadTool;

/// <summary>The load of one measurement.</summary>
/// <param name="Streams">Workers, each with a stream of its own.</param>
/// <param name="Connections">TCP connections that the streams share; as many as streams: each has its own, as workers do.</param>
/// <param name="Slots">Slots of a worker: samples of it that are under way at once.</param>
/// <param name="Think">Time between the acknowledgement of a slot's sample and its next one; zero: as fast as the coordinator can.</param>
/// <param name="Seconds">Time that is measured.</param>
/// <param name="WarmUp">Time before it, in which both sides are compiled.</param>
/// <param name="Values">key=value of the specification.</param>
internal sealed record LoadOptions(
    int Streams, int Connections, int Slots, TimeSpan Think, int Seconds, int WarmUp, IReadOnlyList<string> Values);
