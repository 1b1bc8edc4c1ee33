using LoptCluster.Shared;

namespace LoptCluster.Cli.CommandLine;

/// <summary>A folder that results will be written to, checked before they are computed.</summary>
internal static class OutputFolder
{
    private const string ProbeName = ".lopt-writable";

    /// <summary>Makes the folder if there is none, and writes and removes a file in it.</summary>
    /// <exception cref="UserErrorException">The folder cannot be made or written to.</exception>
    public static void Prepare(string option, string path) => Prepare(option, path, path);

    /// <param name="option">Option that named the output.</param>
    /// <param name="path">The output: the folder, or a file in it.</param>
    /// <param name="folder">The folder.</param>
    internal static void Prepare(string option, string path, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = File.Create(Path.Combine(folder, ProbeName), 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string another = path == folder ? "folder" : "path";
            throw new UserErrorException($"{option} '{path}' cannot be written to: {e.Message.TrimEnd('.')}. Give another {another}.", e);
        }
    }
}
