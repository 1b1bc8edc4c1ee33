using LoptCluster.ClusterTestKit;
using Xunit.Sdk;

namespace LoptCluster.Chaos.Measuring;

/// <summary>What must hold of a run after all that was done to it: each is noted, a line each.</summary>
internal sealed class Judgement(TextWriter output)
{
    /// <summary>Whether everything has held so far.</summary>
    public bool Holds { get; private set; } = true;

    /// <param name="statuses">Exit statuses of all processes, ended by SIGTERM.</param>
    public void OfEnd(int[] statuses) =>
        Note("workers and coordinator end with status 0", statuses.All(s => s == 0), string.Join(' ', statuses));

    public void OfFile(RunFile file, int batchSamples)
    {
        try
        {
            file.AssertConsistent(batchSamples);
            Note($"{file.Scalar("SELECT count(*) FROM samples")} samples, each once, of unbroken problems, in whole batches", true);
        }
        catch (XunitException e)
        {
            Note("each sample once, of unbroken problems, in whole batches", false, e.Message);
        }
    }

    public void OfAcknowledged(RunFile file, Acknowledgements acknowledgements)
    {
        var stored = file.Samples().ToHashSet();
        var lost = acknowledgements.Samples.Where(s => !stored.Contains(s)).ToList();
        int different = acknowledgements.Samples.Count();
        Note(
            $"{different} samples that workers were told are kept are in the file", lost.Count == 0 && different > 0,
            $"{lost.Count} are not: {string.Join(", ", lost.Take(5))}");
    }

    /// <param name="replay"><c>lopt replay</c> of the run, under way.</param>
    public async Task OfReplayAsync(LoptProcess replay)
    {
        int status = await replay.ExitAsync(TimeSpan.FromHours(1));
        Note("every θ is what its samples, computed again here, give: lopt replay", status == 0, replay.Output);
    }

    public void Note(string what, bool holds, string detail = "")
    {
        Holds &= holds;
        output.WriteLine(holds ? $"  ok      {what}" : $"  FAILED  {what}: {detail}");
    }
}
