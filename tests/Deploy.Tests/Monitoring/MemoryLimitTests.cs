using LoptCluster.Hosting.Telemetry;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The limit that the memory alerts compare with, read from made-up file systems.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private const long Machine = 8_000_000 * 1024L;

    private readonly TemporaryFolder _root = new();

    public MemoryLimitTests() => Write("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:          100000 kB\n");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Read_ContainerOfVersion2_IsItsLimit()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", "1073741824\n");
        Assert.Equal(1L << 30, Read());
    }

    [Fact]
    public void Read_LimitOnAGroupAbove_IsThatLimit()
    {
        Write("proc/self/cgroup", "0::/kubepods/pod1/worker\n");
        Write("sys/fs/cgroup/kubepods/pod1/worker/memory.max", "max\n");
        Write("sys/fs/cgroup/kubepods/pod1/memory.max", "2147483648\n");
        Assert.Equal(2L << 30, Read());
    }

    [Fact]
    public void Read_ContainerOfVersion1_IsItsLimit()
    {
        Write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/docker/abc\n0::/\n");
        // A container has its own group mounted as the outermost.
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
        Assert.Equal(1L << 29, Read());
    }

    [Fact]
    public void Read_NoLimit_IsTheMachine()
    {
        Write("proc/self/cgroup", "4:memory:/\n0::/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.Equal(Machine, Read());
    }

    [Fact]
    public void Read_NothingThere_IsTheMachine() => Assert.Equal(Machine, Read());

    private long Read() => MemoryLimit.Read(_root.Path);

    private void Write(string path, string content)
    {
        string file = _root.PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
