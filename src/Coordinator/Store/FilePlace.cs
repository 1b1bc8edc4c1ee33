namespace LoptCluster.Coordinator.Store;

/// <summary>Whether an open file is still the one of its name: one that was deleted, replaced or moved is written into nothing.</summary>
/// <remarks>Known where the system shows the names of open files (Linux); elsewhere the file always counts as being in place.</remarks>
internal sealed class FilePlace : IDisposable
{
    private readonly FileStream _file;
    private readonly FileInfo _link;
    private readonly string? _name;

    public FilePlace(string path)
    {
        // Closed after every connection of the writer: closing any descriptor of a file gives up the process's locks on it.
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _link = new FileInfo($"/proc/self/fd/{_file.SafeFileHandle.DangerousGetHandle()}");
        _name = Name();
    }

    public bool IsKept => _name == Name();

    public void Dispose() => _file.Dispose();

    private string? Name()
    {
        _link.Refresh();
        return _link.LinkTarget;
    }
}
