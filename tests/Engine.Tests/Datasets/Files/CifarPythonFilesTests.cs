using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class CifarPythonFilesTests : FilesTest
{
    [Fact]
    public void Open_Cifar10_IsReadAsTheBinaryVersion()
    {
        byte[] images = [.. SampleFiles.CifarRecord([], 1, 2, 3), .. SampleFiles.CifarRecord([], 4, 5, 200)];
        Folder.Write("cifar-10-batches-py/data_batch_1", Batch("labels", [3, 7], images));
        Folder.Write("cifar-10-batches-py/batches.meta", 1);

        var dataset = Open();

        Assert.StartsWith("CIFAR-10 (2 images, 10 classes, 32×32 colour; not there: ", dataset.Description, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], dataset.ClassImages(3)[..3].ToArray());
        Assert.Equal([4, 5, 200], dataset.ClassImages(7)[^3..].ToArray());
    }

    /// <summary>As Python 3 pickles what it has read with encoding='bytes'.</summary>
    [Fact]
    public void Open_KeysAsBytes_AreRead()
    {
        Folder.Write("test_batch", Batch("labels", [3], SampleFiles.CifarRecord([], 1, 2, 3), 'C'));
        Assert.Equal(1, Open().ImageCount(3));
    }

    [Fact]
    public void Open_Cifar100_HasItsFineLabels()
    {
        Folder.Write("train", Batch("fine_labels", [42], SampleFiles.CifarRecord([], 1, 2, 3)));
        Folder.Write("meta", 1);

        Assert.Equal(1, Open().ImageCount(42));
    }

    [Fact]
    public void Open_LabelTooLarge_IsRefused()
    {
        Folder.Write("test_batch", Batch("labels", [10], SampleFiles.CifarRecord([], 1, 2, 3)));
        AssertRefused(
            "test_batch', byte 0: expected labels of 0 to 9, found '10' of image 0.", "https://www.cs.toronto.edu/~kriz/cifar.html");
    }

    [Fact]
    public void Open_FewerLabelsThanImages_IsRefused()
    {
        byte[] image = SampleFiles.CifarRecord([], 1, 2, 3);
        Folder.Write("test_batch", Batch("labels", [1], [.. image, .. image]));
        AssertRefused("expected an entry 'labels' of 2 labels, found entries 'data', 'labels'");
    }

    /// <summary>A pickle may name any function of Python; none is looked for.</summary>
    [Theory]
    [InlineData("cos\nsystem\nU\u0004true\u0085R.")]
    [InlineData("K\u0001.")]
    [InlineData("")]
    public void Open_AnotherPickle_IsRefused(string pickle)
    {
        Folder.Write("test_batch", Encoding.Latin1.GetBytes($"\u0080\u0002{pickle}"));
        AssertRefused("test_batch', byte 0: expected ");
    }

    [Fact]
    public void Open_CutAnywhere_IsRefusedInOneLine()
    {
        byte[] whole = Batch("labels", [1], SampleFiles.CifarRecord([], 1, 2, 3));
        for (int length = 0; length < whole.Length; length += whole.Length / 40)
        {
            Folder.Write("test_batch", whole[..length]);
            AssertRefused("test_batch', byte 0: expected ");
        }
    }

    /// <summary>As Python 2 pickled the published files: protocol 2, the bytes as a string.</summary>
    /// <param name="key">Operation that puts a key on the stack: U for text of Python 2, C for bytes of Python 3.</param>
    private static byte[] Batch(string labelsName, byte[] labels, byte[] images, char key = 'U')
    {
        byte[] length = new byte[4], rows = new byte[2];
        BinaryPrimitives.WriteInt32LittleEndian(length, images.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(rows, (ushort)(images.Length / 3072));
        return
        [
            0x80, 2, .. "}("u8, .. Text(labelsName, key), .. "]("u8, .. labels.SelectMany(l => (byte[])[(byte)'K', l]), (byte)'e',
            .. Text("data", key), .. "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0"u8, 0x85, .. Text("b"), 0x87, (byte)'R',
            .. "(K"u8, 1, (byte)'M', .. rows, (byte)'M', 0x00, 0x0C, 0x86,
            .. "cnumpy\ndtype\n"u8, .. Text("u1"), .. "K\0K"u8, 1, 0x87, (byte)'R',
            .. "(K"u8, 3, .. Text("|"), .. "NNNJ"u8, 255, 255, 255, 255, (byte)'J', 255, 255, 255, 255, .. "K\0tb"u8, 0x89,
            (byte)'T', .. length, .. images, .. "tbu."u8,
        ];

        static byte[] Text(string text, char operation = 'U') => [(byte)operation, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }
}
