using LoptCluster.Shared;

namespace LoptCluster.Hosting.Credentials;

/// <summary>Reads a file that an option or a variable names.</summary>
internal static class CredentialFile
{
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static string Read(string option, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option} '{path}' cannot be read: {e.Message}", e);
        }
    }
}
