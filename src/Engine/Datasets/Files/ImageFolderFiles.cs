using LoptCluster.Shared;
using StbImageSharp;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Folder with one sub-folder of images (png, jpg, bmp) per class; classes and images are ordered by name.</summary>
/// <remarks>Images that are not square are cropped at their centre; transparency is ignored.</remarks>
internal sealed class ImageFolderFiles : IImageFiles
{
    private const int MaxStoredSize = 256;
    private static readonly DatasetPublication Publication = DatasetPublication.ImageFolder;
    private readonly string[][] _paths;
    private readonly bool _keepSize;

    /// <param name="keepSize">Whether images keep their stored size, which must then be the same for all.</param>
    private ImageFolderFiles(string directory, string[][] paths, bool keepSize)
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        _paths = paths;
        _keepSize = keepSize;
        var first = Decode(paths[0][0]);
        int size = Math.Min(first.Width, first.Height);
        if (keepSize && size > MaxStoredSize)
            throw new UserErrorException(
                $"imageSize '0' keeps {size} pixels of '{paths[0][0]}'; the maximum is {MaxStoredSize}. Set imageSize.");
        StoredShape = new ImageShape(size, Channels(first));
    }

    public string Name { get; }

    public int ClassCount => _paths.Length;

    public ImageShape StoredShape { get; }

    /// <summary>Images of a folder; null if no sub-folder holds an image.</summary>
    public static ImageFolderFiles? Find(string directory, bool keepSize)
    {
        string[] folders = [.. Directory.GetDirectories(directory).Where(d => Path.GetFileName(d)[0] != '.').Order(StringComparer.Ordinal)];
        string[][] paths = [.. folders.Select(ImagesOf)];
        if (paths.All(p => p.Length == 0)) return null;
        int empty = Array.FindIndex(paths, p => p.Length == 0);
        return empty < 0
            ? new ImageFolderFiles(directory, paths, keepSize)
            : throw new UserErrorException(
                $"'{folders[empty]}' holds no images. Add png, jpg or bmp files of one class, or remove the folder.");
    }

    private static string[] ImagesOf(string folder) =>
        [.. Directory.GetFiles(folder).Where(ImageFileCheck.IsImageName).Order(StringComparer.Ordinal)];

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
        var image = Decode(path);
        int size = Math.Min(image.Width, image.Height), channels = Channels(image);
        if (_keepSize && size != StoredShape.Size)
            throw new UserErrorException(
                $"'{path}' is {image.Width}×{image.Height}, but '{_paths[0][0]}' has side {StoredShape.Size}. "
                + "Set imageSize to resize all images.");
        var shape = new ImageShape(size, channels);
        byte[] pixels = new byte[shape.Length];
        int left = (image.Width - size) / 2, top = (image.Height - size) / 2, stored = (int)image.Comp;
        for (int y = 0, to = 0; y < size; y++)
        {
            int from = (((top + y) * image.Width) + left) * stored;
            for (int x = 0; x < size; x++, from += stored, to += channels) image.Data.AsSpan(from, channels).CopyTo(pixels.AsSpan(to));
        }

        sink(classIndex, pixels, shape);
    }

    private static int Channels(ImageResult image) => (int)image.Comp >= 3 ? 3 : 1;

    private static ImageResult Decode(string path)
    {
        byte[] bytes = DatasetFile.Guard(path, Publication, 0, () => File.ReadAllBytes(path));
        ImageFileCheck.Check(path, bytes);
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
