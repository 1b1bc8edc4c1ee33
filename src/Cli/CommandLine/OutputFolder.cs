using LoptCluster.Shared;

namespace LoptCluster.Cli.CommandLine;

/// <summary>A folder that results will be written to, checked before they are computed.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder if there is none, and writes and removes a file in it.</summary>
    /// <exception cref="UserErrorException">The folder cannot be made or written to.</exception>
    public static void Prepare(string option, string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            using var probe = File.Create(Path.Combine(path, Path.GetRandomFileName()), 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option} '{path}' cannot be written to: {e.Message.TrimEnd('.')}. Give another folder.", e);
        }
    }
}
