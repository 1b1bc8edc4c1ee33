using LoptCluster.Shared;

namespace LoptCluster.Hosting.Credentials;

/// <summary>A file that an option or a variable names, read again and again.</summary>
internal sealed class CredentialFile(string option, string path)
{
    private bool _isRead;

    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public string Read()
    {
        try
        {
            // A pipe has its content once, and would be waited for the second time.
            if (_isRead && Target is not { Exists: true, Length: > 0 }) throw new IOException("It is gone, or empty.");
            string text = File.ReadAllText(path);
            _isRead = true;
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option} '{path}' cannot be read: {e.Message}", e);
        }
    }

    private FileInfo? Target => (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) as FileInfo;
}
