using System.Buffers.Binary;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>What a network looks at in a packet.</summary>
/// <param name="Source">The last byte of the sender's address.</param>
/// <param name="Destination">The last byte of the receiver's address.</param>
/// <param name="SourcePort">TCP port of the sender.</param>
/// <param name="DestinationPort">TCP port of the receiver.</param>
/// <param name="Opens">The first packet of a connection.</param>
internal readonly record struct TcpPacket(byte Source, byte Destination, ushort SourcePort, ushort DestinationPort, bool Opens)
{
    private const int SmallestIpHeader = 20, PortsAndFlags = 14;
    private const byte Ip4 = 4, Tcp = 6, Syn = 0x02, Ack = 0x10;

    /// <returns>Null: neither IPv4 nor TCP.</returns>
    public static TcpPacket? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SmallestIpHeader || bytes[0] >> 4 != Ip4 || bytes[9] != Tcp) return null;
        int header = (bytes[0] & 0xf) * 4;
        if (bytes.Length < header + PortsAndFlags) return null;
        var tcp = bytes[header..];
        return new TcpPacket(
            bytes[15], bytes[19], BinaryPrimitives.ReadUInt16BigEndian(tcp), BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]),
            (tcp[13] & (Syn | Ack)) == Syn);
    }
}
