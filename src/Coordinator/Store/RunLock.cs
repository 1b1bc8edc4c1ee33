using System.Globalization;
using System.Text;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Store;

/// <summary>
/// The lock of a run's folder, which goes with the process, however that ends. It holds the number of the newest commit: a run's file with
/// an older one has lost what was acknowledged since.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string FileName = "run.lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="UserErrorException">Another coordinator has the run.</exception>
    public static RunLock Take(string runDirectory)
    {
        string path = Path.Combine(runDirectory, FileName);
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UserErrorException(
                $"The run in '{runDirectory}' is in use by another coordinator. Stop that one, or give another --run.", e);
        }
    }

    /// <returns>Number of the newest commit as noted here; 0: none.</returns>
    public long Noted()
    {
        byte[] text = new byte[32];
        int length = RandomAccess.Read(_file.SafeFileHandle, text, 0);
        return long.TryParse(Encoding.ASCII.GetString(text, 0, length).Trim(), CultureInfo.InvariantCulture, out long commit) ? commit : 0;
    }

    /// <summary>Notes a commit. Not synced: after a loss of power an older number is there, which accuses nothing wrongly.</summary>
    public void Note(long commit) =>
        RandomAccess.Write(_file.SafeFileHandle, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{commit}\n")), 0);

    public void Dispose() => _file.Dispose();
}
