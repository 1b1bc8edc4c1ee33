namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Name and origin of a dataset, for error messages.</summary>
/// <param name="Name">Name of the dataset, such as "CIFAR-10".</param>
/// <param name="Address">URL where the dataset is published; null for the user's own images.</param>
internal sealed record DatasetPublication(string Name, string? Address)
{
    private const string KuzushijiAddress = "http://codh.rois.ac.jp/kmnist/";

    public static DatasetPublication Cifar10 { get; } = new("CIFAR-10 (binary version)", "https://www.cs.toronto.edu/~kriz/cifar.html");

    public static DatasetPublication Cifar100 { get; } = new("CIFAR-100 (binary version)", "https://www.cs.toronto.edu/~kriz/cifar.html");

    public static DatasetPublication CifarPython { get; } = new("CIFAR (Python version)", "https://www.cs.toronto.edu/~kriz/cifar.html");

    public static DatasetPublication Mnist { get; } = new("MNIST", "http://yann.lecun.com/exdb/mnist/");

    public static DatasetPublication Qmnist { get; } = new("QMNIST", "https://github.com/facebookresearch/qmnist");

    public static DatasetPublication Emnist { get; } = new("EMNIST", "https://www.nist.gov/itl/products-and-services/emnist-dataset");

    public static DatasetPublication Arrays { get; } = new("numpy arrays (npz)", null);

    /// <summary>KMNIST or Kuzushiji-49, or a set in the same form.</summary>
    /// <param name="prefix">What the names of its files begin with.</param>
    public static DatasetPublication Kuzushiji(string prefix) => prefix switch
    {
        "kmnist" => new("KMNIST", KuzushijiAddress),
        "k49" => new("Kuzushiji-49", KuzushijiAddress),
        _ => new(prefix, null),
    };

    public static DatasetPublication ImageNet { get; } = new("ImageNet 32×32 (npz)", "https://image-net.org/download-images");

    public static DatasetPublication ImageFolder { get; } = new("a folder of images per class", null);

    /// <summary>Advice that ends a message about a damaged file.</summary>
    public string Advice => Address is null ? "Replace or remove the file." : $"Download it again: {Name} is published at {Address}";
}
