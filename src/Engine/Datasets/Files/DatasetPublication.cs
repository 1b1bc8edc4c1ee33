namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Where a dataset comes from, for error messages.</summary>
/// <param name="Name">"CIFAR-10".</param>
/// <param name="Address">Where it is published; null: it is the user's own.</param>
internal sealed record DatasetPublication(string Name, string? Address)
{
    public static DatasetPublication Cifar10 { get; } = new("CIFAR-10 (binary version)", "https://www.cs.toronto.edu/~kriz/cifar.html");

    public static DatasetPublication Cifar100 { get; } = new("CIFAR-100 (binary version)", "https://www.cs.toronto.edu/~kriz/cifar.html");

    public static DatasetPublication Mnist { get; } = new("MNIST", "http://yann.lecun.com/exdb/mnist/");

    public static DatasetPublication ImageNet { get; } = new("ImageNet 32×32 (npz)", "https://image-net.org/download-images");

    public static DatasetPublication ImageFolder { get; } = new("a folder of images per class", null);

    /// <summary>The end of a message about one of its files.</summary>
    public string Advice => Address is null ? "Replace or remove it." : $"Fetch it again: {Name} is published at {Address}";
}
