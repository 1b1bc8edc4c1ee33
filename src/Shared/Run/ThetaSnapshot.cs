using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LoptCluster.Shared.Run;

/// <summary>θ after <see cref="Version"/> outer-updates. Immutable; shared between threads.</summary>
/// <param name="Version">Outer-updates applied; 0 is the initial θ.</param>
/// <param name="Values">Owned by the snapshot; nobody writes to it.</param>
public sealed record ThetaSnapshot(long Version, ReadOnlyMemory<float> Values)
{
    public int Length => Values.Length;

    /// <summary>p: share of the samples at this θ that compute g_rp. Goes with θ; not part of its checksum.</summary>
    public double RpShare { get; init; } = 1;

    /// <summary>SHA-256 of the little-endian float32 values.</summary>
    public byte[] Checksum() => SHA256.HashData(MemoryMarshal.AsBytes(Values.Span));
}
