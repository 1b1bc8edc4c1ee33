using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction;

/// <summary>A figure of the paper, or one of its panels, that a command makes.</summary>
/// <remarks>To add one: a class in <c>Figures</c>, and its line in <see cref="FigureCatalog"/>.</remarks>
internal abstract class PaperFigure
{
    /// <summary>Number and letter as in the paper, also of its files: "2c".</summary>
    public abstract string Id { get; }

    /// <summary>What headings call it.</summary>
    public virtual string Name => $"Figure {Id}";

    public abstract string Title { get; }

    /// <summary>What the paper says of it, in one sentence.</summary>
    public abstract string Claim { get; }

    /// <summary>Columns of its CSV file.</summary>
    public abstract ImmutableArray<string> Columns { get; }

    /// <summary>Whether it has seeds.</summary>
    public virtual bool IsRandom => true;

    /// <summary>Number of its seeds, from 1; 0 where nothing is random.</summary>
    public virtual int Seeds(FigureSizes sizes) => IsRandom ? sizes.Seeds : 0;

    /// <summary>Columns of panels in its plot.</summary>
    public virtual int PanelColumns => 1;

    /// <summary>The outer-trainings that it shows, and trains where they are not on record.</summary>
    public virtual ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) => [];

    /// <summary>Inner-steps that it takes, each forward pass and each reverse sweep counted as one.</summary>
    public abstract double InnerSteps(FigureSizes sizes);

    /// <summary>Approximate time of one of these inner-steps on one core, for estimates.</summary>
    public virtual double SecondsPerInnerStep(FigureSizes sizes) => 1e-4;

    /// <summary>Makes the data and the plots.</summary>
    public abstract FigureData Make(FigureRun run);
}
