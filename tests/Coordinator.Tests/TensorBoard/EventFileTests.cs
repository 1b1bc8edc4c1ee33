using System.Buffers.Binary;
using System.Text;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.TensorBoard;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.TensorBoard;

public sealed class EventFileTests
{
    [Fact]
    public void MaskedCrc_CheckValueOfCrc32C_IsRotatedAndShifted()
    {
        // CRC-32C of "123456789" is E3069283 (RFC 3720, B.4 uses the same polynomial); TFRecord: rotate right by 15, add a282ead8.
        const uint crc = 0xE3069283;
        Assert.Equal(unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8), EventFile.MaskedCrc(Encoding.ASCII.GetBytes("123456789")));
    }

    [Fact]
    public void Write_ScalarsOfAStep_AreFramedWithTheirChecksums()
    {
        using var folder = new TemporaryFolder();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500);
        using (var file = EventFile.Create(folder.Path, at)) file.Write(7, at, [("a", 1.5), ("not finite", double.NaN), ("b", -2)]);

        var events = Read(Assert.Single(Directory.GetFiles(folder.Path, "events.out.tfevents.1700000000.*")));

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(SessionLog.Types.SessionStatus.Start, events[1].SessionLog.Status);
        Assert.Equal(7, events[2].Step);
        Assert.Equal(1_700_000_000.5, events[2].WallTime);
        Assert.Equal([("a", 1.5f), ("b", -2f)], events[2].Summary.Value.Select(v => (v.Tag, v.SimpleValue)));
    }

    [Fact]
    public async Task RunningCoordinator_LeavesItsHistoryInTheRunFolder_AndTheWholeOfItAgainAfterARestart()
    {
        using var folder = new TemporaryFolder();
        await using (var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));
            await coordinator.StatusAsync(s => s.OuterUpdate == 1);
            await worker.SayGoodbyeAsync();
        }

        string first = Assert.Single(Directory.GetFiles(folder.Path, "events.out.tfevents.*"));
        File.Move(first, Path.Combine(folder.Path, "first"));
        await using (await RunningCoordinator.StartAsync(folder))
        {
        }

        foreach (string path in (string[])[Path.Combine(folder.Path, "first"),
            Assert.Single(Directory.GetFiles(folder.Path, "events.out.tfevents.*"))])
        {
            var scalars = Assert.Single(Read(path), e => e.Step == 1).Summary.Value.ToDictionary(v => v.Tag, v => v.SimpleValue);
            Assert.Equal(SmallRun.Steps, scalars["truncation_steps"]);
            Assert.InRange(scalars["estimator/weight_es"], 0, 1);
            Assert.Equal(1, scalars["estimator/rp_share"]);
            var figures = UpdateFigureTable.Of([EstimatorId.Rp, EstimatorId.Es]);
            string[] tags = [.. figures.Select(f => f.TensorBoardTag).OfType<string>(), "training_seconds"];
            Assert.Equal(tags.Order(), scalars.Keys.Order());
        }
    }

    [Fact]
    public async Task RunningCoordinator_FolderOfAnotherName_GetsTheEventsInstead()
    {
        using var folder = new TemporaryFolder();
        using var events = new TemporaryFolder();
        await using (await RunningCoordinator.StartAsync(folder, SmallRun.Specification,
            o => o with { TensorBoardDirectory = Path.Combine(events.Path, "new") }))
        {
            // Written by a task of its own, which a stop at once would come before.
            while (!Directory.Exists(Path.Combine(events.Path, "new"))) await Task.Delay(20);
        }

        Assert.Empty(Directory.GetFiles(folder.Path, "events.*"));
        Assert.Single(Directory.GetFiles(Path.Combine(events.Path, "new"), "events.out.tfevents.*"));
    }

    /// <summary>Every event of a file; a wrong length or checksum fails.</summary>
    private static List<Event> Read(string path)
    {
        var events = new List<Event>();
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (rest.Length > 0)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(rest);
            Assert.Equal(EventFile.MaskedCrc(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            Assert.Equal(EventFile.MaskedCrc(rest.Slice(12, length)), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            events.Add(Event.Parser.ParseFrom(rest.Slice(12, length)));
            rest = rest[(16 + length)..];
        }

        return events;
    }
}
