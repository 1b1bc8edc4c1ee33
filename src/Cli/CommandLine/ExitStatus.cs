namespace LoptCluster.Cli.CommandLine;

/// <summary>Exit statuses of <c>lopt</c>; 0 is success.</summary>
internal static class ExitStatus
{
    /// <summary>
    /// The command ran and its answer is no: a golden case failed, a process is not healthy, or a replay differs from its run.
    /// </summary>
    public const int Negative = 1;

    /// <summary>An error that the user can fix, named in one line on standard error.</summary>
    public const int UserError = 2;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
