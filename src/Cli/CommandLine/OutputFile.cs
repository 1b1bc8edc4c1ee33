namespace LoptCluster.Cli.CommandLine;

/// <summary>A file that results will be written to, checked before they are computed.</summary>
internal static class OutputFile
{
    /// <summary>Makes the folder of the file if there is none, and writes and removes a file in it.</summary>
    /// <inheritdoc cref="OutputFolder.Prepare(string, string)"/>
    public static void Prepare(string option, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) OutputFolder.Prepare(option, path, folder);
    }
}
