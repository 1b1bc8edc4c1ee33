using LoptCluster.Cli;
using LoptCluster.Cli.CommandLine;
using Spectre.Console;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>The programs understand the arguments of their containers.</summary>
public class ArgumentTests
{
    public static TheoryData<string, string> Containers { get; } =
    [
        ("local", "coordinator"), ("local", "worker"), ("fleet", "coordinator"), ("fleet", "worker"),
    ];

    [Theory]
    [MemberData(nameof(Containers))]
    public void Arguments_OfContainer_AreUnderstood(string overlay, string component) =>
        Assert.Empty(Errors(Workload(overlay, component).Arguments));

    [Fact]
    public void Arguments_OfExport_AreUnderstoodAndItsFilesMounted()
    {
        var pod = Manifests.Of(Manifests.Everything).One("CronJob", "lopt-export").At("spec/jobTemplate/spec/template/spec");
        var pull = pod.At("initContainers/0")!;
        string[] arguments = [.. pull.Items("args").Select(a => a.ToString())];
        string[] mounts = [.. pull.Items("volumeMounts").Select(m => m.Text("mountPath")!)];
        Assert.Empty(Errors(arguments));
        Assert.EndsWith($":{TestKit.Repository.Version}", pull.Text("image"));
        var paths = arguments.Where(a => a.Contains("=/", StringComparison.Ordinal)).Select(a => a[(a.IndexOf('=') + 1)..])
            .Concat(pull.Items("env").Select(e => e.Text("value")!));
        Assert.All(paths, path => Assert.Contains(Path.GetDirectoryName(path), mounts));
        Assert.Equal(
            pod.Items("volumes").Select(v => v.Text("name")).Order(), pull.Items("volumeMounts").Select(m => m.Text("name")).Order());
        Assert.Contains(pod.At("containers/0/volumeMounts/0").Text("mountPath"), pod.Items("containers/0/args").Select(a => a.ToString()));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Arguments_OneMisspelt_AreNot(string overlay, string component)
    {
        var arguments = Workload(overlay, component).Arguments;
        Assert.All(
            Enumerable.Range(1, arguments.Count - 1),
            i => Assert.NotEmpty(Errors([.. arguments.Select((a, j) => i == j ? a.Insert(2, "x") : a)])));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Environment_OfContainer_IsKnown(string overlay, string component)
    {
        string[] names =
            [.. Workload(overlay, component).Container.Items("env").Select(e => e.Text("name")!).Where(n => n != "LOPT_SLOTS")];
        Assert.Empty(names.Except(Cli.Fleet.TokenSource.Variables));
    }

    private static Workload Workload(string overlay, string component) =>
        component == "worker" ? Manifests.Of(overlay).Worker : Manifests.Of(overlay).Coordinator;

    private static IEnumerable<string> Errors(IReadOnlyList<string> arguments)
    {
        using var stop = new StopSignals();
        using var environment = new CliEnvironment
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Console = AnsiConsole.Console,
            Stop = stop,
        };
        return [.. LoptCommandLine.Create(environment).Parse(arguments).Errors.Select(e => e.Message)];
    }
}
