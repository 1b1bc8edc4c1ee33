namespace LoptCluster.Engine.Datasets.Files;

/// <summary>An image as EXIF says that it is to be looked at: where each of its pixels is stored.</summary>
/// <param name="storedWidth">Columns as stored.</param>
/// <param name="storedHeight">Rows as stored.</param>
/// <param name="orientation">EXIF's number, 1 (as stored) to 8; from 5 on rows and columns are exchanged.</param>
internal readonly struct Upright(int storedWidth, int storedHeight, int orientation)
{
    public int Width => orientation < 5 ? storedWidth : storedHeight;

    public int Height => orientation < 5 ? storedHeight : storedWidth;

    /// <summary>Number of the stored pixel, row after row, that is seen at (x, y).</summary>
    public int StoredAt(int x, int y)
    {
        int right = storedWidth - 1, bottom = storedHeight - 1;
        var (column, row) = orientation switch
        {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => (x, y),
        };
        return (row * storedWidth) + column;
    }
}
