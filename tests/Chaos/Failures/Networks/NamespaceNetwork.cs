using LoptCluster.Chaos.Namespaces;
using LoptCluster.Shared;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>Each worker has a network namespace of its own, joined to the coordinator's by this program, which sees every packet.</summary>
/// <remarks>
/// Every namespace has a TUN device as its one way out. A thread for each reads its packets, and they are written to the device of the
/// receiver, late or never if the link says so. The addresses are those of RFC 2544, which are reserved for tests of networks.
/// </remarks>
internal sealed class NamespaceNetwork : IFaultyNetwork
{
    private const string Prefix = "198.18.0.";
    private const int CoordinatorNumber = 1, FirstWorker = 2;

    /// <summary>Named namespaces are files, which a file system of our own takes with it.</summary>
    private static readonly OwnNamespaces Own = new(
        "--network namespaces", "Use --network proxies, or a system that has it.", ["--net"],
        "mkdir -p /var/run/netns && mount -t tmpfs netns /var/run/netns && ip link set lo up", IpTool.Name);

    private readonly TunDevice _device = new("coordinator");
    private readonly LatePackets _late = new();
    private readonly List<Thread> _threads = [];

    /// <summary>By the last byte of the address; only ever replaced.</summary>
    private volatile NamespaceLink[] _links = [];

    public NamespaceNetwork()
    {
        IpTool.Run($"addr add {CoordinatorHost}/24 dev {_device.Name}");
        IpTool.Run($"link set {_device.Name} up");
        Read(_device, FromCoordinator);
    }

    /// <summary>Starts this program again where it may make such networks; returns if it is there already.</summary>
    /// <exception cref="UserErrorException">The system does not allow it.</exception>
    public static void Enter(IEnumerable<string> arguments)
    {
        if (!File.Exists(TunDevice.Path)) throw Own.Cannot($"TUN devices: {TunDevice.Path} does not exist");
        Own.Enter(arguments);
    }

    public string CoordinatorHost => $"{Prefix}{CoordinatorNumber}";

    public IFaultyLink Join(int port)
    {
        string name = $"worker{_links.Length}";
        var device = new TunDevice(name);
        IpTool.Run($"netns add {name}");
        IpTool.Run($"link set {name} netns {name}");
        IpTool.Run($"-n {name} addr add {Prefix}{FirstWorker + _links.Length}/24 dev {name}");
        IpTool.Run($"-n {name} link set {name} up");
        IpTool.Run($"-n {name} link set lo up");
        var link = new NamespaceLink(new Uri($"http://{CoordinatorHost}:{port}"), device);
        _links = [.. _links, link];
        Read(device, packet => FromWorker(link, packet));
        return link;
    }

    public ValueTask DisposeAsync()
    {
        // With its device a thread ends, with its namespace the worker's end of the cable.
        foreach (var link in _links) IpTool.Run($"-n {link.Device.Name} link del {link.Device.Name}");
        IpTool.Run($"link del {_device.Name}");
        foreach (var thread in _threads) thread.Join();
        foreach (var link in _links)
        {
            IpTool.Run($"netns del {link.Device.Name}");
            link.Device.Dispose();
        }

        _late.Dispose();
        _device.Dispose();
        return ValueTask.CompletedTask;
    }

    private void FromWorker(NamespaceLink link, ReadOnlySpan<byte> bytes)
    {
        if (TcpPacket.Read(bytes) is not { Destination: CoordinatorNumber } packet) return;
        Forward(_device, bytes, link.Pass(packet.SourcePort, packet.Opens, up: true));
    }

    private void FromCoordinator(ReadOnlySpan<byte> bytes)
    {
        if (TcpPacket.Read(bytes) is not { } packet || _links.ElementAtOrDefault(packet.Destination - FirstWorker) is not { } link) return;
        Forward(link.Device, bytes, link.Pass(packet.DestinationPort, packet.Opens, up: false));
    }

    private void Forward(TunDevice to, ReadOnlySpan<byte> packet, TimeSpan? late)
    {
        if (late == TimeSpan.Zero) to.Send(packet);
        else if (late is { } time) _late.Add(to, packet, time);
    }

    private void Read(TunDevice device, ReadOnlySpanAction forward)
    {
        var thread = new Thread(ReadAll) { IsBackground = true, Name = device.Name };
        _threads.Add(thread);
        thread.Start();

        void ReadAll()
        {
            byte[] packet = new byte[TunDevice.LargestPacket];
            while (device.Receive(packet) is { } length) forward(packet.AsSpan(0, length));
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> packet);
}
