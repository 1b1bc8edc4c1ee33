using LoptCluster.Cli;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Compose;

/// <summary>What must stay true of docker-compose.yml and its overlay. Whether they work is tried by .ci/containers.</summary>
public class ComposeFileTests
{
    public static TheoryData<string> Services => [.. ComposeFile.Plain.Services.Select(s => s.Name)];

    public static TheoryData<string, string> Commands =>
    [
        .. from file in new[] { ("plain", ComposeFile.Plain), ("secure", ComposeFile.Secure) }
           from service in file.Item2.Services.Where(s => s.Node["command"] is not null)
           where service.Name is "check" or "coordinator" or "worker" or "cli"
           select (file.Item1, service.Name),
    ];

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Privileges_AreNone(string name)
    {
        var service = Service(name);
        Assert.Equal("true", service.Text("read_only"), ignoreCase: true);
        Assert.Equal(["ALL"], service.Items("cap_drop").Select(c => c.ToString()));
        Assert.Contains("no-new-privileges:true", service.Items("security_opt").Select(o => o.ToString()));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_PublishedPorts_AreOnLoopback(string name) =>
        Assert.All(Service(name).Items("ports"), port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Image_HasVersion(string name) => Assert.Matches(@":v?\d+\.\d+\.\d+$", Service(name).Text("image")!);

    [Fact]
    public void OwnImages_Version_IsTheRepositorys() =>
        Assert.All(
            ComposeFile.Plain.Services.Where(s => s.Node["build"] is not null),
            s => Assert.EndsWith(":" + Repository.Version, s.Node.Text("image")!, StringComparison.Ordinal));

    [Fact]
    public void Worker_Networks_LeadNowhere()
    {
        Assert.Equal(["fleet"], Service("worker").Items("networks").Select(n => n.ToString()));
        Assert.Equal("true", ComposeFile.Plain.Root.At("networks/fleet").Text("internal"), ignoreCase: true);
    }

    /// <summary>Nothing starts before the files that the preset asks for are known to be there.</summary>
    [Theory]
    [InlineData("coordinator")]
    [InlineData("worker")]
    public void Service_ThatTrains_WaitsForTheCheck(string name) =>
        Assert.Equal("service_completed_successfully", Service(name).At("depends_on/check").Text("condition"));

    /// <summary>
    /// A bind in the long form takes "folder", "./folder" and "/folder" alike; in the short form the first is a volume's name.
    /// </summary>
    [Theory]
    [InlineData("check")]
    [InlineData("worker")]
    [InlineData("cli")]
    public void Service_ImageFiles_AreMountedFromAFolder(string name)
    {
        var data = Service(name).Items("volumes").Single(v => v is System.Text.Json.Nodes.JsonObject);
        Assert.Equal(("bind", "/data", "true"), (data.Text("type"), data.Text("target"), data.Text("read_only")!.ToLowerInvariant()));
        Assert.True(Directory.Exists(Repository.PathOf(data.Text("source")!)));
    }

    [Fact]
    public void Overlay_EveryInsecureCommand_IsReplaced()
    {
        string[] insecure = [.. ComposeFile.Plain.Services.Where(
            s => ComposeFile.Command(s.Node).Contains("--insecure")).Select(s => s.Name)];
        var replaced = ComposeFile.Secure.Services.Where(s => ComposeFile.Command(s.Node).Length > 0).ToDictionary(
            s => s.Name, s => ComposeFile.Command(s.Node));
        Assert.NotEmpty(insecure);
        Assert.All(insecure, name => Assert.DoesNotContain("--insecure", replaced[name]));
    }

    [Fact]
    public void Overlay_Secrets_AreAllDeclaredAndUsed() => Assert.Equal(
        ComposeFile.Secure.Root["secrets"]!.AsObject().Select(s => s.Key).Order(),
        ComposeFile.Secure.Services.SelectMany(s => s.Node.Items("secrets")).Select(s => s.ToString()).Distinct().Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_OfOwnService_IsOneThatTheProgramTakes(string file, string service)
    {
        var compose = file == "plain" ? ComposeFile.Plain : ComposeFile.Secure;
        string[] words = ComposeFile.Command(compose.Services.Single(s => s.Name == service).Node);
        using var environment = CliEnvironment.OfThisProcess();
        Assert.NotEmpty(words);
        Assert.Empty(LoptCommandLine.Create(environment).Parse(words).Errors.Select(error => error.Message));
    }

    [Fact]
    public void EnvironmentExample_ListsEveryVariable()
    {
        string[] listed = [.. File.ReadLines(Repository.PathOf(".env.example")).Where(line => line.StartsWith('#') && line.Contains('=')
            && !line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[1..line.IndexOf('=')])];
        Assert.Equal(
            ComposeFile.Plain.Variables.Concat(ComposeFile.Secure.Variables).Append("COMPOSE_FILE").Distinct()
                .Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
    }

    private static System.Text.Json.Nodes.JsonNode Service(string name) => ComposeFile.Plain.Services.Single(s => s.Name == name).Node;
}
