namespace LoptCluster.Cli.Studies;

/// <summary>Where a run of a study stands.</summary>
internal enum StudyRunState
{
    Waiting,
    Running,
    Finished,
    Failed,
    Stopped,
}
