using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Run;

/// <summary>A run that is paused when it is prolonged.</summary>
public sealed class ProlongedPauseTests
{
    [Fact]
    public void Open_PausedRunThatIsProlonged_GoesOnAndKeepsALaterPause()
    {
        using var folder = new TemporaryFolder();
        var options = new CoordinatorOptions { RunDirectory = folder.Path, Specification = SmallRun.Specification };
        OpenedRun.Open(options).Dispose();
        Pause(folder.Path);
        OpenedRun.Open(options).Dispose();
        Assert.True(IsPaused(folder.Path));
        var prolonged = options with { OuterUpdates = 2 * SmallRun.Specification.OuterUpdates };

        using (var run = OpenedRun.Open(prolonged)) Assert.Equal(prolonged.OuterUpdates!.Value, run.Context.OuterUpdates);
        Assert.False(IsPaused(folder.Path));

        // As a supervisor starts it again, with the same arguments.
        Pause(folder.Path);
        OpenedRun.Open(prolonged).Dispose();
        Assert.True(IsPaused(folder.Path));
    }

    private static bool IsPaused(string folder) => new RunReader(folder).Value(RunContext.PausedKey) == "1";

    private static void Pause(string folder)
    {
        using var database = RunDatabase.Open(folder);
        var writer = new RunWriter(database);
        writer.SetValue(RunContext.PausedKey, "1");
        writer.Commit();
    }
}
