using LoptCluster.Cli.CommandLine;
using Spectre.Console.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Documents;

/// <summary>The generated parts of docs/ agree with the program.</summary>
public sealed class ReferenceDocumentTests
{
    [Fact]
    public void CommandLine_AgreesWithTheOptionTable()
    {
        using var console = new TestConsole();
        using var environment = new CliEnvironment
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Console = console,
            Stop = new StopSignals(),
        };

        GeneratedDocument.AssertFresh("CLI.md", CommandLineReference.Compose(LoptCommandLine.Create(environment)));
    }

    [Fact]
    public void Transfer_AgreesWithTheThetasThatShip() => GeneratedDocument.AssertFresh("TRANSFER.md", ShippedThetaReference.Compose());

    [Fact]
    public void Configuration_AgreesWithTheSpecificationKeys() =>
        GeneratedDocument.AssertFresh("CONFIGURATION.md", ConfigurationReference.Compose());
}
