using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>The native library: whether it loads, its threads, oneDNN.</summary>
internal static class LibTorch
{
    /// <summary>Loads here without TorchSharp's own search, which copies files and prints a page when it fails.</summary>
    public static bool Loads() =>
        NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _) &&
        NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _);

    /// <summary>One thread for everything. Call before any tensor is made.</summary>
    public static void UseOneThread()
    {
        torch.set_num_threads(1);
        torch.set_num_interop_threads(1);
    }

    /// <summary>Turns oneDNN on or off. TorchSharp has no call for it; torch.backends.mkldnn of Python calls this one.</summary>
    public static void SetOneDnn(bool enabled) => Native.SetUserEnabledMkldnn(Native.GlobalContext(), enabled);

    private static class Native
    {
        static Native() => NativeLibrary.SetDllImportResolver(
            Assembly.GetExecutingAssembly(),
            (name, _, _) => name == "torch_cpu" ? NativeLibrary.Load(name, typeof(torch).Assembly, null) : 0);

        [DllImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
        public static extern nint GlobalContext();

        [DllImport("torch_cpu", EntryPoint = "_ZN2at7Context20setUserEnabledMkldnnEb")]
        public static extern void SetUserEnabledMkldnn(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);
    }
}
