using System.IO.Hashing;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Read-only stream that forwards reads and throws <see cref="InvalidDataException"/> at the end if the data do not match the expected
/// CRC-32.
/// </summary>
internal sealed class ChecksummedStream(Stream inner, uint expected) : Stream
{
    private readonly Crc32 _crc = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        if (read > 0) _crc.Append(buffer[..read]);
        else if (buffer.Length > 0 && _crc.GetCurrentHashAsUInt32() is var crc && crc != expected)
            throw new InvalidDataException($"the checksum is '{crc:x8}', expected '{expected:x8}'");
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
