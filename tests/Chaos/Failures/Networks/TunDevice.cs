using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using LoptCluster.Shared;
using Microsoft.Win32.SafeHandles;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>A network device whose packets this program reads and writes. It exists until it is disposed of, or this program ends.
/// </summary>
/// <remarks>It may be moved to another network namespace: the packets still come here.</remarks>
internal sealed partial class TunDevice : IDisposable
{
    /// <summary>Of a packet, bytes: what Linux gives a new device.</summary>
    public const int LargestPacket = 1500;

    public const string Path = "/dev/net/tun";

    /// <summary>TUNSETIFF, IFF_TUN and IFF_NO_PI of linux/if_tun.h; struct ifreq has a name of 16 bytes, and the flags after it.</summary>
    private const uint SetInterface = 0x400454ca;

    private const short IpPackets = 0x0001, WithoutHeader = 0x1000;
    private const int RequestBytes = 40, NameBytes = 16;

    private readonly SafeFileHandle _handle;

    public TunDevice(string name)
    {
        Name = name;
        _handle = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] request = new byte[RequestBytes];
        Encoding.ASCII.GetBytes(name, request.AsSpan(0, NameBytes - 1));
        BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(NameBytes), IpPackets | WithoutHeader);
        if (Control(_handle, SetInterface, request) == 0) return;
        int error = Marshal.GetLastPInvokeError();
        _handle.Dispose();
        throw new UserErrorException($"The network device '{name}' cannot be made: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public string Name { get; }

    /// <summary>Waits for a packet that is sent through the device.</summary>
    /// <returns>Its length, bytes; null: the device is gone.</returns>
    public int? Receive(Span<byte> packet) => Read(_handle, packet, (nuint)packet.Length) is > 0 and nint length ? (int)length : null;

    /// <summary>A packet arrives at the device. It is lost if the device is down or gone.</summary>
    public void Send(ReadOnlySpan<byte> packet) => _ = Write(_handle, packet, (nuint)packet.Length);

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle device, nuint request, [In] byte[] argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle device, Span<byte> packet, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle device, ReadOnlySpan<byte> packet, nuint length);
}
