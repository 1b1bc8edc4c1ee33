using LoptCluster.Chaos.Namespaces;

namespace LoptCluster.Chaos.Storage;

/// <summary>A disk of this program's own, in memory, that holds all temporary folders: small enough to be filled.</summary>
internal static class SmallDisk
{
    private const string Folder = "/mnt";

    private static readonly OwnNamespaces Own = new(
        "A disk of its own", "Run this command on a system that has it.", [],
        $"mount -t tmpfs -o size=128m disk {Folder} && export TMPDIR={Folder}");

    private static readonly byte[] Block = new byte[64 * 1024];

    private static string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Starts this program again where temporary folders are on such a disk; returns if it is there already.</summary>
    /// <exception cref="Shared.UserErrorException">The system does not allow it.</exception>
    public static void Enter(IEnumerable<string> arguments) => Own.Enter(arguments);

    /// <summary>Takes all room that there is. The run may have freed some since the last call.</summary>
    public static void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int size = Block.Length; size >= 1;)
        {
            try
            {
                file.Write(Block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives all room back.</summary>
    public static void Free() => File.Delete(Ballast);
}
