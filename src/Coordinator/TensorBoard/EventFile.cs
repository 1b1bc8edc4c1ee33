using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;

namespace LoptCluster.Coordinator.TensorBoard;

/// <summary>One event file (TFRecord framing): length, masked CRC-32C of the length, event, masked CRC-32C of the event.</summary>
/// <remarks>
/// Every event is whole in the file when <see cref="Flush"/> returns; a torn last one is skipped by TensorBoard. Not thread-safe.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;
    private readonly FileStream _file;

    private EventFile(FileStream file) => _file = file;

    /// <summary>A new file in <paramref name="directory"/>; what earlier files say from step 0 on no longer counts.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static EventFile Create(string directory, DateTimeOffset now)
    {
        Directory.CreateDirectory(directory);
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}");
        var file = new EventFile(new FileStream(Path.Combine(directory, name), FileMode.Create, FileAccess.Write, FileShare.Read));
        file.Write(new Event { WallTime = Seconds(now), FileVersion = "brain.Event:2" });
        file.Write(new Event { WallTime = Seconds(now), SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
        file.Flush();
        return file;
    }

    /// <summary>Scalars of one step; one that is not finite is left out.</summary>
    public void Write(long step, DateTimeOffset at, IEnumerable<(string Tag, double Value)> scalars)
    {
        var summary = new Summary();
        foreach (var (tag, value) in scalars.Where(s => double.IsFinite(s.Value)))
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
        if (summary.Value.Count > 0) Write(new Event { WallTime = Seconds(at), Step = step, Summary = summary });
    }

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();

    /// <summary>CRC-32C, rotated and shifted as TFRecord has it, so that a CRC of data that holds CRCs is of use.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data) crc = BitOperations.Crc32C(crc, b);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + MaskDelta;
    }

    private void Write(Event e)
    {
        byte[] data = e.ToByteArray();
        Span<byte> length = stackalloc byte[8], crc = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        _file.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc(length));
        _file.Write(crc);
        _file.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc(data));
        _file.Write(crc);
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
