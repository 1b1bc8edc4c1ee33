using System.Buffers.Binary;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;
using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Dataset file that is read from beginning to end. An unexpected value is reported with file, offset, expected and actual value.
/// </summary>
internal sealed class DatasetFile : IDisposable
{
    private const int BufferLength = 1 << 20;

    private static ReadOnlySpan<byte> GZipStart => [0x1F, 0x8B];

    private readonly Stream _stream;
    private readonly string _name;
    private readonly DatasetPublication _publication;

    private DatasetFile(Stream stream, string name, DatasetPublication publication)
    {
        _stream = stream;
        _name = name;
        _publication = publication;
    }

    /// <summary>Number of bytes read so far, counted after decompression.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Opens a file and decompresses it if it is of gzip, whatever its name: browsers unpack files and leave their names. All its members
    /// are read, each compared with its checksum.
    /// </summary>
    public static DatasetFile Open(string path, DatasetPublication publication)
    {
        if (Guard(path, publication, 0, () => HasNoLength(path))) throw Error(path, publication, 0, "data", "an empty file");
        var stream = Guard(path, publication, 0, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength));
        if (!Guard(path, publication, 0, () => IsPacked(stream))) return new(stream, path, publication);
        return new(new BufferedStream(new GZipInputStream(stream), BufferLength), $"{path} (unpacked)", publication);
    }

    /// <summary>Whether a file has no bytes, or is none: the opening of a pipe would never end.</summary>
    public static bool HasNoLength(string path)
    {
        var file = new FileInfo(path);
        return (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file) is { Exists: true, Length: 0 };
    }

    /// <summary>Reads a stream that the caller has opened.</summary>
    public static DatasetFile Over(Stream stream, string name, DatasetPublication publication) => new(stream, name, publication);

    /// <summary>Fills <paramref name="buffer"/>; reports an error if the file ends before <paramref name="what"/> is complete.</summary>
    public void Read(Span<byte> buffer, string what)
    {
        int read = ReadSome(buffer);
        if (read < buffer.Length) throw CutOff(buffer.Length - read, what);
    }

    /// <summary>Fills <paramref name="buffer"/>; false at the end of the file, an error if only a part can be read.</summary>
    public bool TryRead(Span<byte> buffer, string what)
    {
        int read = ReadSome(buffer);
        if (read == 0) return false;
        return read == buffer.Length ? true : throw CutOff(buffer.Length - read, what);
    }

    public int ReadBigEndianInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Read(bytes, what);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    public void ExpectEnd()
    {
        Span<byte> one = stackalloc byte[1];
        long end = Position;
        if (ReadSome(one) != 0) throw Error(end, "the end of the file", "more bytes");
    }

    public UserErrorException Error(long offset, string expected, string found) => Error(_name, _publication, offset, expected, found);

    public static UserErrorException Error(string name, DatasetPublication publication, long offset, string expected, string found) =>
        new($"'{name}', byte {offset}: expected {expected}, found {found}. {publication.Advice}");

    /// <summary>Runs an action and reports errors of the file system or of decompression as user errors.</summary>
    public static T Guard<T>(string name, DatasetPublication publication, long offset, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || IsDamage(e))
        {
            throw Damaged(name, publication, offset, e);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static UserErrorException Damaged(string name, DatasetPublication publication, long offset, Exception e)
    {
        string problem = e is EndOfStreamException ? "expected more compressed data, found the end of the file"
            : IsDamage(e) ? "expected intact compressed data, found damaged data"
            : "expected readable data, found unreadable data";
        return new($"'{name}', byte {offset}: {problem} ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}). {publication.Advice}", e);
    }

    private static bool IsDamage(Exception e) => e is InvalidDataException or SharpZipBaseException;

    private static bool IsPacked(FileStream stream)
    {
        Span<byte> start = stackalloc byte[GZipStart.Length];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return start[..read].SequenceEqual(GZipStart);
    }

    private UserErrorException CutOff(int missing, string what) =>
        Error(Position, $"{missing:N0} more {(missing == 1 ? "byte" : "bytes")} ({what})", "the end of the file");

    private int ReadSome(Span<byte> buffer)
    {
        try
        {
            int read = _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Position += read;
            return read;
        }
        catch (Exception e) when (e is IOException || IsDamage(e))
        {
            throw Damaged(_name, _publication, Position, e);
        }
    }
}
