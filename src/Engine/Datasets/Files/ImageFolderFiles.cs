using LoptCluster.Shared;
using StbImageSharp;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Folder with one sub-folder of images (png, jpg, bmp, gif) per class, or with their images in a folder 'images' of each of these; classes
/// and images are ordered by name.
/// </summary>
/// <remarks>
/// Images are turned as EXIF says and cropped at their centre if they are not square. Of 16 bits a channel the upper 8 are used, of a
/// moving GIF the first picture; transparency is ignored.
/// </remarks>
internal sealed class ImageFolderFiles : IImageFiles
{
    private const int MaxStoredSize = 256;
    private const int LeastClasses = 2, Named = 5;
    private const string Readable = "png, jpg, bmp or gif";

    /// <summary>Folders that are so called hold images of all classes, or something else.</summary>
    private static readonly HashSet<string> PartNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "train", "training", "test", "testing", "val", "valid", "validation", "dev", "images", "labels", "masks", "annotations",
    };

    private static readonly DatasetPublication Publication = DatasetPublication.ImageFolder;
    private readonly string[] _classFolders;
    private readonly string[][] _paths;
    private readonly string _notRead;
    private readonly UnusedDetail _unused = new();
    private readonly RepeatedImages _repeated = new();
    private readonly bool _keepSize;

    /// <param name="directory">The folder.</param>
    /// <param name="classFolders">Those of the classes.</param>
    /// <param name="folders">Those of their images: the same, or one in each.</param>
    /// <param name="paths">The images of each.</param>
    /// <param name="keepSize">Whether images keep their stored size, which must then be the same for all.</param>
    /// <param name="keepChannels">Whether images stay grey if all are.</param>
    private ImageFolderFiles(
        string directory, string[] classFolders, string[] folders, string[][] paths, bool keepSize, bool keepChannels)
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        _paths = paths;
        _keepSize = keepSize;
        _classFolders = classFolders;
        _notRead = Files.LeftOut.Join(
            Files.LeftOut.ByEnding(
                [
                    .. Directory.GetFiles(directory),
                    .. classFolders.Union(folders).SelectMany(Directory.GetFiles).Except(paths.SelectMany(p => p)),
                ]),
            Files.LeftOut.Folders(classFolders.Union(folders).SelectMany(Directory.GetDirectories).Except(folders)));
        var first = Decode(paths[0][0], ReadFile(paths[0][0]), out _);
        int size = Math.Min(first.Width, first.Height);
        if (keepSize && size > MaxStoredSize)
            throw new UserErrorException(
                $"imageSize '0' keeps {size} pixels of '{paths[0][0]}'; the maximum is {MaxStoredSize}. Set imageSize.");
        bool isColour = Channels(first.Comp) == 3 || (keepChannels && paths.SelectMany(p => p).AsParallel().Any(IsColour));
        StoredShape = new ImageShape(size, isColour ? 3 : 1);
    }

    public string Name { get; }

    public int ClassCount => _paths.Length;

    public ImageShape StoredShape { get; }

    public IReadOnlyList<string> Paths => [.. _paths.SelectMany(p => p)];

    public string LeftOut => Files.LeftOut.Join(_notRead, _unused.ToString());

    /// <summary>Folders among the classes that are called as parts of a dataset are, and files that are there twice.</summary>
    public string Remark
    {
        get
        {
            string[] parts = [.. _classFolders.Where(IsPart)];
            string named = parts.Length == 0 ? "" : $"{Files.LeftOut.ByName(parts)} read as {(parts.Length == 1 ? "a class" : "classes")}";
            return Files.LeftOut.Join(named, _repeated.ToString());
        }
    }

    /// <summary>
    /// What keeps the folder from being a dataset, though there are images in folders of it; null: nothing does.
    /// </summary>
    public string? Objection
    {
        get
        {
            string names = string.Join(", ", Enumerable.Range(0, ClassCount).Select(ClassName).Take(Named));
            if (ClassCount < LeastClasses) return $"has images in one folder only, {names}";
            return _classFolders.All(IsPart)
                ? $"has images in {names}, which are parts of a dataset and not classes"
                : null;
        }
    }

    /// <summary>Images of a folder; null if no sub-folder holds an image.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="keepSize">Whether images keep their stored size.</param>
    /// <param name="keepChannels">Whether the files decide between grey and colour; else they are not looked at for it.</param>
    public static ImageFolderFiles? Find(string directory, bool keepSize, bool keepChannels)
    {
        string[] classFolders =
            [.. Directory.GetDirectories(directory).Where(d => !Files.LeftOut.IsSystem(d)).Order(StringComparer.Ordinal)];
        string[] folders = classFolders;
        string[][] paths = [.. folders.Select(ImagesOf)];
        if (paths.All(p => p.Length == 0))
        {
            folders = [.. folders.Select(d => Path.Combine(d, "images"))];
            if (folders.Length == 0 || !folders.All(Directory.Exists)) return null;
            paths = [.. folders.Select(ImagesOf)];
        }

        int empty = Array.FindIndex(paths, p => p.Length == 0);
        if (empty >= 0 && classFolders.All(IsPart))
        {
            // As a 'train' that holds the classes, beside a 'test' that holds images.
            var kept = Enumerable.Range(0, paths.Length).Where(i => paths[i].Length > 0).ToList();
            (classFolders, folders) = ([.. kept.Select(i => classFolders[i])], [.. kept.Select(i => folders[i])]);
            paths = [.. kept.Select(i => paths[i])];
            empty = -1;
        }

        if (empty < 0) return new ImageFolderFiles(directory, classFolders, folders, paths, keepSize, keepChannels);
        string others = Files.LeftOut.Join(
            Files.LeftOut.ByEnding(Directory.GetFiles(folders[empty])), Files.LeftOut.Folders(Directory.GetDirectories(folders[empty])));
        throw new UserErrorException(
            $"'{folders[empty]}' holds no images that can be read{(others.Length == 0 ? "" : $", but {others}")}. Add {Readable} files of "
                + "one class, convert those that are there, or remove the folder.");
    }

    private static bool IsPart(string folder) => PartNames.Contains(Path.GetFileName(folder));

    private static string[] ImagesOf(string folder) =>
        [.. Directory.GetFiles(folder).Where(ImageFileCheck.IsImageName).Order(StringComparer.Ordinal)];

    public string ClassName(int classIndex) => $"'{Path.GetFileName(_classFolders[classIndex])}'";

    public int[] CountImages() => [.. _paths.Select(p => p.Length)];

    /// <summary>Reads classes in parallel on all cores. If several fail, the error of the first class is thrown.</summary>
    public void ReadImages(ImageSink sink)
    {
        var errors = new UserErrorException?[ClassCount];
        Parallel.For(0, ClassCount, (classIndex, loop) =>
        {
            try
            {
                foreach (string path in _paths[classIndex]) ReadImage(path, classIndex, sink);
            }
            catch (UserErrorException e)
            {
                errors[classIndex] = e;
                loop.Break();
            }
        });
        if (errors.FirstOrDefault(e => e is not null) is { } first) throw first;
    }

    private void ReadImage(string path, int classIndex, ImageSink sink)
    {
        byte[] bytes = ReadFile(path);
        var image = Decode(path, bytes, out int orientation);
        _unused.Add(bytes, image);
        _repeated.Add(bytes);
        var upright = new Upright(image.Width, image.Height, orientation);
        int size = Math.Min(image.Width, image.Height), channels = Channels(image.Comp), stored = (int)image.Comp;
        if (_keepSize && size != StoredShape.Size)
            throw new UserErrorException(
                $"'{path}' is {image.Width}×{image.Height}, but '{_paths[0][0]}' has side {StoredShape.Size}. "
                + "Set imageSize to resize all images.");
        var shape = new ImageShape(size, channels);
        byte[] pixels = new byte[shape.Length];
        int left = (upright.Width - size) / 2, top = (upright.Height - size) / 2;
        for (int y = 0, to = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++, to += channels)
                image.Data.AsSpan(upright.StoredAt(left + x, top + y) * stored, channels).CopyTo(pixels.AsSpan(to));
        }

        sink(classIndex, pixels, shape);
    }

    private static int Channels(ColorComponents components) => (int)components >= 3 ? 3 : 1;

    /// <summary>By its header. Of one that cannot be read the reading says what is wrong.</summary>
    private static bool IsColour(string path)
    {
        try
        {
            if (DatasetFile.HasNoLength(path)) return false;
            using var stream = File.OpenRead(path);
            return ImageInfo.FromStream(stream) is { } info && Channels(info.ColorComponents) == 3;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static byte[] ReadFile(string path) => DatasetFile.Guard(
        path, Publication, 0, () => DatasetFile.HasNoLength(path) ? [] : File.ReadAllBytes(path));

    private static ImageResult Decode(string path, byte[] bytes, out int orientation)
    {
        ImageFileCheck.Check(path, bytes);
        orientation = ExifOrientation.Of(bytes);
        using var stream = new MemoryStream(bytes);
        try
        {
            return ImageResult.FromStream(stream, ColorComponents.Default);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder throws exceptions of many types on damaged data, for example from array accesses.
            throw DatasetFile.Error(path, Publication, stream.Position, "a readable image", $"'{e.Message.ReplaceLineEndings(" ")}'");
        }
    }
}
