using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Reproduction;
using LoptCluster.Cli.Reproduction.Figures;
using Spectre.Console.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

/// <summary>One run of each kind that figures read, really trained: a learned optimizer and a random search. Owns their folder.</summary>
public sealed class TrainedRuns : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-trained-");
    private readonly TestConsole _console = new();
    private readonly CliEnvironment _environment;

    public TrainedRuns()
    {
        _environment = new CliEnvironment
        {
            Output = Output,
            Error = TextWriter.Null,
            Console = _console,
            Stop = new StopSignals(),
        };
        Trainer = new StudyFigureTrainer(_environment, _folder.FullName, null);
        Learned = Trainer.Train(Study(TrainedStudies.OfObjectives(TinySizes.Value, null)), TestContext.Current.CancellationToken)[0];
        Searched = Trainer.Train(Study(TrainedStudies.OfBaseline(TinySizes.Value, null)), TestContext.Current.CancellationToken)[0];
    }

    /// <summary>What the trainings printed.</summary>
    internal StringWriter Output { get; } = new();

    internal StudyFigureTrainer Trainer { get; }

    /// <summary>Trains in another folder.</summary>
    internal StudyFigureTrainer Elsewhere => new(_environment, Path.Combine(_folder.FullName, "elsewhere"), null);

    internal FigureTraining Learned { get; }

    internal FigureTraining Searched { get; }

    /// <summary>The first run of a study alone.</summary>
    internal static FigureStudy Study(FigureStudy study) => study with { Cases = study.Cases[..1], Seeds = 1 };

    public void Dispose()
    {
        _environment.Dispose();
        _console.Dispose();
        Output.Dispose();
        _folder.Delete(recursive: true);
    }
}
