using System.Diagnostics;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Worker.Unrolling;

/// <summary>A sample that is not acknowledged yet, with its span where somebody traces.</summary>
internal sealed record SentSample(Sample Message, Activity? Trace);
